#!/usr/bin/env bash
# Copies every Ogg file below one folder to the same place below another, as stereo Opus at about 42 kbit/s: what a space carries to be
# compared with and steered by. Copies that are there already stay.
#
#   scripts/small_copies.sh CORPUS OUT [KBITS]
set -euo pipefail
out=$(realpath -m "$2")
rate=${3:-36}
cd "$1"
find -L . -name '*.ogg' | while read -r song; do
    copy=$out/$song
    [ -f "$copy" ] && continue
    mkdir -p "$(dirname "$copy")"
    ffmpeg -nostdin -loglevel error -y -i "$song" -map_metadata -1 -fflags +bitexact -flags:a +bitexact -c:a libopus -b:a "${rate}k" "$copy.part.ogg"
    mv "$copy.part.ogg" "$copy"
done
