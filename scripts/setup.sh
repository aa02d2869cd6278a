#!/usr/bin/env bash
# Installs what the build, the window, the tests or the demo corpus need and this machine lacks. Does nothing when all is there.
#
#   scripts/setup.sh build window test package install demo      any of these groups
set -euo pipefail

declare -A packages=(
    [build]="build-essential pkg-config libasound2-dev"
    # winit, wgpu and the sound back-end open these at run time; mesa's Vulkan also draws on machines without a GPU.
    [window]="libasound2-plugins libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon0 libxkbcommon-x11-0
              libwayland-client0 libegl1 libgl1-mesa-dri libvulkan1 mesa-vulkan-drivers"
    [test]="xvfb xdotool pulseaudio pulseaudio-utils jackd2"
    [package]="python3 librsvg2-bin fakeroot dpkg-dev xz-utils"
    [install]="debootstrap"
    [demo]="python3 python3-numpy mma fluidsynth fluid-soundfont-gm musescore-general-soundfont-lossless csound sonic-pi-samples ffmpeg"
)

say() { echo "setup: $*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -n "${CI:-}" ] || [ ! -t 0 ]; then
        sudo -n "$@"
    else
        sudo "$@"
    fi
}

require_rust() {
    if ! command -v cargo >/dev/null && [ -f "$HOME/.cargo/env" ]; then
        say "cargo is installed but not on the PATH: run   . \"$HOME/.cargo/env\"   and try again"
        exit 1
    fi
    if ! command -v cargo >/dev/null; then
        say "Rust is missing. Install it from https://rustup.rs (Rust 1.95 or newer) and try again"
        exit 1
    fi
}

missing_of() {
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || echo "$package"
    done
}

require_rust
wanted=()
for group in "$@"; do
    if [ -z "${packages[$group]:-}" ]; then
        say "there is no group '$group'; known groups: ${!packages[*]}"
        exit 2
    fi
    read -r -a names <<<"$(echo ${packages[$group]})"
    wanted+=("${names[@]}")
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    if [ "$(uname -s)" = Linux ]; then
        say "this is not a Debian-like system, so nothing is installed; the same things under your system's names are: ${wanted[*]}"
    fi
    exit 0
fi

mapfile -t missing < <(missing_of "${wanted[@]}")
[ "${#missing[@]}" -gt 0 ] || exit 0

say "installing ${missing[*]}"
if ! { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } </dev/null >&2; then
    say "could not install them (no root rights or no network?). Install them yourself: apt-get install ${missing[*]}"
    case " $* " in *" build "*) [ -z "$(missing_of ${packages[build]})" ] || exit 1 ;; esac
    say "going on without them: what needs them says so"
fi
