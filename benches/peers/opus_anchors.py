#!/usr/bin/env python3
"""Anchors for the scores of `judge_visqol.py`: the same music through Opus, whose bit rates people know by ear.

    opus_anchors.py MUSIC                                   20 clips of 8 s, one a track, at 12, 24, 32 and 48 kbit/s
    opus_anchors.py MUSIC --rates 12 --opusenc=--music      other settings; --opusenc goes to opusenc as it is, split at spaces
    opus_anchors.py MUSIC --rates 6 8 10 16 24 32 48 --opusenc="--music --downmix-mono --set-ctl-int 4008=1105"
                                                            a scale that rises evenly: mono as the listener is, always 20 kHz wide

MUSIC is a folder with the manifest.csv that scripts/real_music.py writes. The tracks and the places in them are drawn with --seed.

A clip is cut in stereo, brought to 48 kHz (soxr) and written as float WAV at its own level; `opusenc --bitrate R` makes it Opus and
`opusdec --rate 48000 --float` sound again. opusenc is left at its defaults (variable bit rate, complexity 10, 20 ms, bandwidth and mode as it likes)
but for what --opusenc says. Prints JSON with, for each rate, the report of `judge_visqol.py`, the bit rate that came out, and `coded`: the share of
the packets by coder, bandwidth and channels.

Read `coded` before a score. At 12 kbit/s libopus is at the edge of its whole bandwidth: by defaults, which guess speech or music, it gives one clip
20 kHz and the next 12 or 8, and ViSQOL asks mostly for bandwidth (means from 3.0 to 4.2, one clip from 1.7 to 4.6). --music makes it 20 kHz for all,
--hard-cbr never. From 14 kbit/s on all is whole, and as ViSQOL hears mono while Opus spends what comes on stereo, scores hardly rise up to 32.

Needs what `judge_visqol.py` needs, and opusenc and opusdec (Debian: opus-tools).
"""
import argparse
import collections
import csv
import json
import pathlib
import random
import subprocess
import tempfile

import judge_visqol
import sound
import soundfile

RATES = [12, 24, 32, 48]
# RFC 6716, table 2: the first five bits of a packet.
CODERS = [("SILK", 4), ("SILK", 6), ("SILK", 8), ("hybrid", 12), ("hybrid", 20), ("CELT", 4), ("CELT", 8), ("CELT", 12), ("CELT", 20)]
CONFIGURATIONS = [coder for coder, count in zip(CODERS, [4, 4, 4, 2, 2, 4, 4, 4, 4], strict=True) for _ in range(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("music", type=pathlib.Path)
    parser.add_argument("--rates", type=float, nargs="+", default=RATES, metavar="KBITS")
    parser.add_argument("--opusenc", default="", metavar="ARGUMENTS")
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--level", type=float, default=judge_visqol.LEVEL_DB, help="of the reference, dBFS RMS (default: %(default)s)")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the clips, coded and decoded")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = args.keep or pathlib.Path(folder)
        clips = cut_clips(args.music, folder / "reference", args.clips, args.seconds, args.seed)
        anchors = [anchor(clips, folder, rate, args) for rate in args.rates]
    version = run("opusenc", "--version").splitlines()[0]
    print(json.dumps({"encoder": version, "seed": args.seed, "seconds": args.seconds, "anchors": anchors}, indent=1))


def cut_clips(music, folder, count, seconds, seed):
    """Writes clips of as many tracks, drawn without repeating, and returns their paths."""
    with open(music / "manifest.csv", newline="") as manifest:
        tracks = sorted(row["file"] for row in csv.DictReader(manifest))
    if len(tracks) < count:
        raise SystemExit(f"{music}: {len(tracks)} tracks for {count} clips")
    draw = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    clips = []
    for track in draw.sample(tracks, count):
        samples, rate = sound.read(music / track, None)
        length = round(seconds * rate)
        if len(samples) < length:
            raise SystemExit(f"{music / track}: shorter than {seconds} s")
        start = draw.randint(0, len(samples) - length)
        clip = folder / f"{pathlib.Path(track).stem}.wav"
        resampled = sound.resample(samples[start : start + length], rate, judge_visqol.RATE)
        soundfile.write(clip, resampled, judge_visqol.RATE, subtype="FLOAT")
        clips.append(clip)
    return clips


def anchor(clips, folder, rate, args):
    """The clips through Opus at a rate (kbit/s), judged."""
    place = folder / f"{rate:g}{args.opusenc.replace(' ', '')}"
    place.mkdir(exist_ok=True)
    command = ["opusenc", "--quiet", "--bitrate", f"{rate:g}", *args.opusenc.split()]
    pairs, packets, size = [], collections.Counter(), 0
    for clip in clips:
        coded, decoded = place / f"{clip.stem}.opus", place / clip.name
        run(*command, clip, coded)
        run("opusdec", "--quiet", "--rate", str(judge_visqol.RATE), "--float", coded, decoded)
        found = packets_of(coded.read_bytes())
        packets.update(describe(packet[0]) for packet in found)
        size += sum(map(len, found))
        pairs.append({"reference": str(clip), "degraded": str(decoded)})
    return {
        "command": " ".join(command),
        "kbits": round(8 * size / (len(clips) * args.seconds) / 1000, 2),
        "coded": {name: round(count / packets.total(), 3) for name, count in packets.most_common()},
        **judge_visqol.report(judge_visqol.judge(pairs, args.jobs, args.level), args.level),
    }


def describe(first_byte):
    """Coder, bandwidth and channels in the first byte of a packet (RFC 6716, section 3.1)."""
    coder, khz = CONFIGURATIONS[first_byte >> 3]
    return f"{coder} {khz} kHz {'stereo' if first_byte & 4 else 'mono'}"


def packets_of(stream):
    """The sound packets of an Ogg Opus file: RFC 3533's pages put together, without the two packets of headers."""
    packets, open_packet, at = [], b"", 0
    while at < len(stream):
        lacing = stream[at + 27 : at + 27 + stream[at + 26]]
        at += 27 + len(lacing)
        for length in lacing:
            open_packet += stream[at : at + length]
            at += length
            if length < 255:
                packets.append(open_packet)
                open_packet = b""
    return packets[2:]


def run(*command):
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True, stdin=subprocess.DEVNULL).stdout
    except FileNotFoundError:
        raise SystemExit(f"opus_anchors: {command[0]} is missing (Debian: opus-tools)") from None
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"opus_anchors: {' '.join(map(str, command))}: {failed.stderr.strip()}") from None


if __name__ == "__main__":
    main()
