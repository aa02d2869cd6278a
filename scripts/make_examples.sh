#!/usr/bin/env bash
# Renders what the README lets one hear: one place asked for as four genres and another as four moods, as the window does it with Hold
# notes off and on, a drag across the map and a minute of Endless. Stereo, at full detail, Opus.
#
#   scripts/make_examples.sh SONGSPACE SPACE OUT
set -euo pipefail
program=$1
space=$2
out=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# example NAME KBITS ARGUMENTS... 3 dB down: what Opus leaves out lets peaks grow.
example() {
    local name=$1 rate=$2
    shift 2
    "$program" render "$space" "$@" -o "$work/$name.wav"
    ffmpeg -nostdin -v error -y -i "$work/$name.wav" -map_metadata -1 -fflags +bitexact -flags:a +bitexact -af volume=-3dB -c:a libopus -b:a "${rate}k" "$out/$name.ogg"
}

for genre in rock pop classical jazz; do example "$genre" 96 --clip 55 --genre "$genre=1" --relative --seconds 8; done
for mood in happy angry sad calm; do example "$mood" 96 --clip 28 --emotion "$mood" --relative --seconds 8; done
example drag 96 --path "-0.8,-0.5 -0.2,0.3 0.3,0.1 0.8,0.5" --seconds 16
example endless 80 --clip 53 --endless --seconds 60
