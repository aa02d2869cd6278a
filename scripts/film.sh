#!/usr/bin/env bash
# Films the window being played, for the README: a screen of its own, a bare home, the demo space, a hand that drags and slides.
#
#   scripts/film.sh SONGSPACE OUT.gif
#
# Needs Debian's xvfb, xdotool, x11-utils and ffmpeg. The sound card stays shut.
set -euo pipefail
program=$(realpath "$1")
out=$(realpath -m "$2")
screen=${FILM_SCREEN:-:77}
work=$(mktemp -d)
processes=()
trap 'kill "${processes[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

Xvfb "$screen" -screen 0 1280x800x24 >/dev/null 2>&1 &
processes+=($!)
export DISPLAY=$screen
until xdpyinfo >/dev/null 2>&1; do sleep 0.1; done
HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work "$program" --silent --device cpu >"$work/log" 2>&1 &
processes+=($!)
window=$(xdotool search --sync --onlyvisible --pid "${processes[1]}" | tail -n 1)
xdotool windowmove "$window" 0 0 windowsize "$window" 1280 800 windowfocus "$window"
sleep "${FILM_WAIT:-8}"
# The tour's card stands before the map: "Skip the tour".
xdotool mousemove 843 627 click 1
sleep 1

ffmpeg -nostdin -v error -y -f x11grab -draw_mouse 1 -framerate 10 -video_size 1280x800 -i "$screen" -c:v ffv1 "$work/film.mkv" &
film=$!
processes+=("$film")
# A hand: from where it is to x y within some steps of a twentieth of a second, slower at both ends.
at=(420 330)
go() {
    local steps=$3 i
    for ((i = 1; i <= steps; i++)); do
        read -r x y < <(awk -v a="${at[0]}" -v b="${at[1]}" -v c="$1" -v d="$2" -v t="$i" -v n="$steps" \
            'BEGIN { s = t / n; s = s * s * (3 - 2 * s); printf "%d %d\n", a + (c - a) * s, b + (d - b) * s }')
        xdotool mousemove "$x" "$y"
        sleep 0.05
    done
    at=("$1" "$2")
}
press() { xdotool mousedown 1; sleep 0.3; }
release() { xdotool mouseup 1; sleep 0.3; }

go 470 330 10
press
sleep 0.5
go 640 260 18; go 800 330 18; go 700 520 22; go 480 500 20; go 420 380 14
release
sleep 0.5
go 1010 217 20
press
go 1235 217 16
release
sleep 1
go 1060 555 14
press
go 1200 470 16; go 1080 480 14
release
sleep 0.6
go 233 747 22
xdotool click 1
sleep 2
kill -INT "$film"
wait "$film" || true
# As long as it is meant to be, however slow the machine was.
took=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$work/film.mkv")
factor=$(awk -v t="$took" 'BEGIN { print (t > 18 ? 18 / t : 1) }')
ffmpeg -nostdin -v error -y -i "$work/film.mkv" -vf "setpts=PTS*$factor,fps=${FILM_RATE:-10},scale=800:-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=96:stats_mode=diff[p];[b][p]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle" "$out"
