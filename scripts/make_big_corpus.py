#!/usr/bin/env python3
"""A corpus of any length out of a smaller one: every track at several speeds and pitches, cut to clips of 30 s.

    scripts/make_big_corpus.py OUT HOURS SOURCE... [--jobs N]

SOURCE is a folder as scripts/real_music.py makes it (GENRE/*.flac and manifest.csv). OUT gets GENRE/*.mp3, tagged with title and
artist. What is there already is not made again, so an interrupted run goes on. Nothing of it is to be shipped: it is for measuring
how import, map, file and window grow. Needs ffmpeg.
"""
import argparse
import csv
import pathlib
import subprocess
from concurrent.futures import ThreadPoolExecutor

CLIP_SECS = 30
# Speed and pitch together (a tape that runs faster), then tempo alone: all pairs, those that change least first.
SPEEDS = [1.0, 1.06, 0.944, 1.122, 0.891, 0.841]
TEMPI = [1.0, 0.94, 1.07, 0.88, 1.15, 0.83]
VARIATIONS = sorted(((speed, tempo) for speed in SPEEDS for tempo in TEMPI), key=lambda v: SPEEDS.index(v[0]) + TEMPI.index(v[1]))


def tracks(source):
    """Path, genre and artist of every track of a folder."""
    with open(source / "manifest.csv", newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            yield source / row["file"], row["genre"], row["artist"]


def seconds(path):
    """Length of a file."""
    asked = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)]
    return float(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)


def make(item):
    """One clip: `CLIP_SECS` from `start` on, as it comes out; a track that ends before begins again."""
    clip, source, start, artist, speed, tempo = item
    if clip.exists():
        return
    clip.parent.mkdir(parents=True, exist_ok=True)
    # Under its own name only when it is whole.
    part = clip.with_suffix(".part")
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-stream_loop", "-1", "-ss", str(start), "-i", str(source), "-map", "0:a:0",
         "-map_metadata", "-1", "-threads", "1", "-af",
         f"aresample=44100,asetrate={44100 * speed:.0f},aresample=44100,atempo={tempo}", "-t", str(CLIP_SECS),
         "-metadata", f"artist={artist}", "-metadata", f"title={clip.stem}", "-c:a", "libmp3lame", "-b:a", "96k",
         "-compression_level", "9", "-f", "mp3", str(part)],
        check=True)
    part.rename(clip)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("hours", type=float)
    parser.add_argument("source", type=pathlib.Path, nargs="+")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    pieces = []
    for source in asked.source:
        for path, genre, artist in tracks(source):
            starts = range(0, max(1, int(seconds(path)) // CLIP_SECS) * CLIP_SECS, CLIP_SECS)
            pieces += [(path, genre, artist, start) for start in starts]
    work = []
    for number, (speed, tempo) in enumerate(VARIATIONS):
        for path, genre, artist, start in pieces:
            name = f"{path.parent.parent.name}-{path.stem}-{start:04}-v{number:02}.mp3"
            work.append((asked.out / genre / name, path, start, artist, speed, tempo))
    most = len(work) * CLIP_SECS / 3600
    work = work[:round(asked.hours * 3600 / CLIP_SECS)]
    print(f"{len(pieces)} pieces of {CLIP_SECS} s, {len(work)} clips to make ({most:.0f} hours at most)", flush=True)
    with ThreadPoolExecutor(asked.jobs) as pool:
        list(pool.map(make, work))


if __name__ == "__main__":
    main()
