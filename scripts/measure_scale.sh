#!/usr/bin/env bash
# How import, map and file grow with a collection: scripts/measure_scale.sh PROGRAM CORPUS OUT [clips ...]
#
# CORPUS is what scripts/make_big_corpus.py makes: clips of 30 s, ten points each. For every number of clips (500, 2,000 and all by
# default) it makes a linear model and its map in one run with a fresh cache, draws the map again from the file, adds 100 clips, and
# prints seconds per stage, peak memory, disk and file size; then the exponents between sizes. Needs GNU time.
set -euo pipefail
program=$1 corpus=$2 out=$3
shift 3
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(500 2000 99999)
mkdir -p "$out"

# Peak memory in MB and seconds of a command whose log is kept.
timed() {
    local log=$1
    shift
    /usr/bin/time -f 'TIME %e %M' "$@" > "$log.out" 2> "$log" || { tail -5 "$log"; exit 1; }
    awk '/^TIME/ { printf "%.1f s, %.0f MB", $2, $3 / 1024 }' "$log"
}

: > "$out/table"
for size in "${sizes[@]}"; do
    folder=$out/clips-$size
    if [ ! -d "$folder" ]; then
        # Every so many of all clips, so that each genre keeps its share; hard links take no room.
        (cd "$corpus" && find . -name '*.mp3' | sort) > "$out/all"
        total=$(wc -l < "$out/all")
        awk -v n="$size" -v total="$total" '(NR * n) % total < n' "$out/all" | while read -r clip; do
            mkdir -p "$folder/$(dirname "$clip")"
            ln "$corpus/$clip" "$folder/$clip"
        done
    fi
    rm -rf "$out/outputs"
    space=$out/$size.songspace
    echo "== $(find "$folder" -name '*.mp3' | wc -l) clips"
    echo "train --minutes 0: $(timed "$out/train-$size.log" "$program" train "$folder" -o "$space" --minutes 0 --device cpu --outputs "$out/outputs")"
    grep -E ' took |^[0-9]+ files' "$out/train-$size.log" | sed 's/^/    /'
    points=$(grep -oE 'space of [0-9]+ points' "$out/train-$size.log" | tail -1 | grep -oE '[0-9]+')
    cache=$(du -sm "$out/outputs/cache" | cut -f1) file=$(stat -c %s "$space")
    echo "    $points points, cache $cache MB, file $((file / 1000000)) MB ($((file / points)) bytes a point)"
    echo "map as a picture (opening and drawing): $(timed "$out/png-$size.log" "$program" map "$space" --png "$out/$size.png")"
    cp "$space" "$out/redrawn.songspace"
    echo "map --redraw: $(timed "$out/map-$size.log" "$program" map "$out/redrawn.songspace" --redraw)"
    sed 's/^/    /' "$out/map-$size.log.out"
    awk -v p="$points" '/^TIME/ { print p, $2, $3 }' "$out/train-$size.log" >> "$out/table"
done
echo "== exponents of the whole run (points, then time and memory to the power of)"
awk 'NR > 1 { d = log($1 / p); printf "%d -> %d: time %.2f, memory %.2f\n", p, $1, log($2 / t) / d, log($3 / m) / d } { p = $1; t = $2; m = $3 }' "$out/table"
