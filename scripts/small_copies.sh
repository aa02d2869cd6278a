#!/usr/bin/env bash
# Copies every Ogg file below one folder to the same place below another, at about half the size: what a space carries to be
# compared with. Copies that are there already stay.
#
#   scripts/small_copies.sh CORPUS OUT
set -euo pipefail
out=$(realpath -m "$2")
cd "$1"
find . -name '*.ogg' | while read -r song; do
    copy=$out/$song
    [ -f "$copy" ] && continue
    mkdir -p "$(dirname "$copy")"
    ffmpeg -nostdin -loglevel error -y -i "$song" -map_metadata 0 -c:a libvorbis -q:a 0 "$copy.part.ogg"
    mv "$copy.part.ogg" "$copy"
done
