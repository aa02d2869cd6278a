#!/usr/bin/env bash
# Prints the cargo features that this system has the headers for, as an argument for cargo; nothing where it has none.
set -euo pipefail

features=()
if command -v pkg-config >/dev/null && command -v clang >/dev/null && pkg-config --atleast-version=0.3.53 libpipewire-0.3 &&
    pkg-config --exists libspa-0.2; then
    features+=(pipewire)
fi
[ "${#features[@]}" -eq 0 ] || echo "--features $(IFS=,; echo "${features[*]}")"
