#!/usr/bin/env bash
# Installs the Debian package into a bare Debian as a user would, plays from the menu entry, and takes it out again.
#
#   scripts/install_test.sh [PACKAGE.deb]      the newest one in outputs/packages without a name
#
# Needs root (chroot, mounts) and debootstrap, xvfb, xdotool, pulseaudio, python3. The bare system is kept as a tar in SONGSPACE_BARE
# (outputs/bare.tar) for the next time. What was seen and heard stays in outputs/install-test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly suite=bookworm
readonly entry=/usr/share/applications/org.songspace.songspace.desktop
package="${1:-$(find outputs/packages -name 'songspace_*.deb' -printf '%T@ %p\n' 2>/dev/null | sort -rn | head -1 | cut -d' ' -f2-)}"
bare="${SONGSPACE_BARE:-outputs/bare.tar}"
kept="$PWD/outputs/install-test"
root="$(mktemp -d /var/tmp/songspace-install.XXXXXX)"
started=()

step() { echo "== $* (after $SECONDS s)"; }
fail() { echo "install_test: $*" >&2; exit 1; }

clean() {
    local process
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    # A program that was started from the menu is nobody's child here.
    for process in /proc/[0-9]*; do
        [ "$(readlink "$process/root" 2>/dev/null)" != "$root" ] || kill "${process#/proc/}" 2>/dev/null || true
    done
    sleep 1
    umount -l "$root/tmp/.X11-unix" "$root/proc" "$root/dev" 2>/dev/null || true
    rm -rf --one-file-system "$root"
}
trap clean EXIT

[ "$(id -u)" = 0 ] || fail "chroot and mounts need root"
[ -f "$package" ] || fail "there is no package; make one with scripts/package.sh deb"
for tool in debootstrap Xvfb xdotool pulseaudio parec python3; do
    command -v "$tool" >/dev/null || fail "$tool is missing"
done
rm -rf "$kept"
mkdir -p "$kept" "$(dirname "$bare")"

# As root in the bare system / as its user, with a screen and a sound server.
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }
as_user() {
    chroot --userspec=player:player "$root" /usr/bin/env -i -C /home/player HOME=/home/player USER=player PATH=/usr/bin:/bin LC_ALL=C.UTF-8 \
        DISPLAY=":$display" PULSE_SERVER=unix:/home/player/sound XDG_RUNTIME_DIR=/home/player/run \
        SONGSPACE_CONTROLS=/home/player/controls.json "$@"
}

# Whether a command's output contains a text.
says() {
    local wanted="$1"
    shift
    [[ "$("$@" 2>&1)" == *"$wanted"* ]]
}

# Waits until a command succeeds.
until_true() {
    local what="$1" end=$((SECONDS + 120))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || fail "$what: not within two minutes"
        sleep 0.3
    done
}

step "a bare Debian ($suite)"
if [ ! -f "$bare" ]; then
    debootstrap --variant=minbase "$suite" "$root" >"$kept/debootstrap.log"
    tar -C "$root" --one-file-system -cf "$bare.part" .
    mv "$bare.part" "$bare"
else
    tar -C "$root" -xf "$bare"
fi
# What mktemp makes is its owner's alone, and not every debootstrap changes that.
chmod 755 "$root"
cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"
inside useradd -m player
mkdir -m 700 "$root/home/player/run"
inside chown player:player /home/player/run
inside apt-get update -qq

step "what every desktop has"
inside apt-get install -y -qq --no-install-recommends libglib2.0-bin desktop-file-utils shared-mime-info hicolor-icon-theme >"$kept/desktop.log" 2>&1

step "apt install ./songspace.deb"
cp "$package" "$root/tmp/songspace.deb"
inside apt-get install -y /tmp/songspace.deb >"$kept/apt.log" 2>&1 || { tail -5 "$kept/apt.log"; fail "apt cannot install it"; }
grep -E "newly installed|additional disk space" "$kept/apt.log"
display=none
as_user songspace --version
as_user songspace render /usr/share/songspace/demo.songspace --clip 54 --seconds 2 -o /home/player/clip.wav
[ "$(stat -c %s "$root/home/player/clip.wav")" -gt 50000 ] || fail "the rendered clip is too short"
says org.songspace.songspace.desktop as_user gio mime application/x-songspace || fail "no program is registered for .songspace"
cp "$root/usr/share/songspace/demo.songspace" "$root/home/player/mine.songspace"
says application/x-songspace as_user gio info -a standard::content-type /home/player/mine.songspace || fail "a .songspace has no type of its own"

step "screen and sound card"
Xvfb -displayfd 3 -nolisten tcp -ac -screen 0 1280x800x24 3>"$root/tmp/display" >/dev/null 2>&1 &
started+=($!)
until_true "Xvfb" test -s "$root/tmp/display"
display="$(cat "$root/tmp/display")"
mkdir -p "$root/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
# What a desktop's sound server sets up for ALSA programs.
printf 'pcm.!default { type pulse }\nctl.!default { type pulse }\n' >"$root/home/player/.asoundrc"
HOME="$root/tmp" XDG_RUNTIME_DIR="$root/tmp" pulseaudio --daemonize=no -n --exit-idle-time=-1 --use-pid-file=no --realtime=no --log-level=error \
    --load="module-null-sink sink_name=card rate=48000 channels=2 format=float32le" \
    --load="module-native-protocol-unix auth-anonymous=1 socket=$root/home/player/sound" >/dev/null 2>&1 &
started+=($!)
export PULSE_SERVER="unix:$root/home/player/sound"
until_true "the sound server" pactl info
parec --device=card.monitor --format=s16le --channels=1 --rate=48000 --file-format=wav "$kept/tape.wav" &
started+=($!)

hand() { DISPLAY=":$display" xdotool "$@"; }
on_screen() { grep -q "\"name\":\"$1\"" "$root/home/player/controls.json"; }
running() { pgrep -f "^/usr/bin/songspace|^songspace" | while read -r process; do [ "$(readlink "/proc/$process/root")" != "$root" ] || echo "$process"; done; }
commands() { running | while read -r process; do tr '\0' ' ' <"/proc/$process/cmdline"; done; }
is_closed() { [ -z "$(running)" ]; }
close() {
    running | xargs -r kill
    until_true "the end of the program" is_closed
}

# The loudest tenth of a second on the tape from a second on, in dB of full scale.
level_since() {
    python3 - "$kept/tape.wav" "$1" <<'END'
import array, math, sys
data = open(sys.argv[1], "rb").read()[44:]
samples = array.array("h", data[: len(data) // 2 * 2])[int(float(sys.argv[2]) * 48000):]
blocks = (samples[at : at + 4800] for at in range(0, len(samples), 4800))
loudest = max((sum(s * s for s in block) / len(block) for block in blocks if len(block)), default=0)
print(round(10 * math.log10(max(loudest, 1e-9) / 32768**2)))
END
}
tape_secs() { echo $((($(stat -c %s "$kept/tape.wav") - 44) / 96000)); }
is_heard_since() { [ "$(level_since "$1")" -gt -50 ]; }

step "the menu entry"
as_user gio launch "$entry" 2>"$kept/program.log" &
until_true "the window from the menu entry" on_screen "Play"
until_true "the demo space" on_screen "Jazz"
window="$(hand search --onlyvisible --name Songspace | head -1)"
hand windowfocus "$window"
[ "$(level_since 0)" -lt -80 ] || fail "there is sound before the first click"

step "a click on the map"
before="$(tape_secs)"
hand mousemove 410 420 click 1
until_true "sound after a click on the map" is_heard_since "$before"
sleep 2
echo "the loudest on the tape: $(level_since "$before") dB"
DISPLAY=":$display" import -window root "$kept/window.png" 2>/dev/null || true
close

step "a double click on a file"
rm -f "$root/home/player/controls.json"
as_user gio open /home/player/mine.songspace 2>>"$kept/program.log" &
until_true "the program with the file" says /home/player/mine.songspace commands
until_true "the window with the file" on_screen "Jazz"
close

step "apt purge"
(cd "$root/home/player" && find . -path ./run -prune -o -type f -print | sort) >"$kept/user_before"
inside apt-get purge -y songspace >"$kept/purge.log" 2>&1
(cd "$root/home/player" && find . -path ./run -prune -o -type f -print | sort) >"$kept/user_after"
cmp "$kept/user_before" "$kept/user_after" || fail "the user's files are not what they were"
grep -q settings.json "$kept/user_after" || fail "the program kept no settings, so nothing was proven"
left="$(find "$root/usr" "$root/etc" -name '*songspace*' ! -path '*/usr/share/mime/*' | head)"
[ -z "$left" ] || fail "left behind: $left"
echo "1 passed, 0 failed"
