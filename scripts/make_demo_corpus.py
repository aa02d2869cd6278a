#!/usr/bin/env python3
"""Renders the labelled corpus the demo space learns from: 12 genres, an hour and forty minutes, the same files for the same seed.

    scripts/make_demo_corpus.py OUT                     the demo corpus
    scripts/make_demo_corpus.py OUT --second            another, unlike it: other seed, the demo's held-out grooves, other lengths, mixed formats

Needs (Debian): mma fluidsynth fluid-soundfont-gm musescore-general-soundfont-lossless csound sonic-pi-samples ffmpeg, and NumPy.
About three seconds of one core a song.
Labels: a valence and an arousal are drawn over the whole plane first, then every choice of mode, chords, register, rhythm, tempo, instruments,
dynamics and tone follows them, so the label is in the sound and not in one feature of it. `artist` is the groove family or the style: hold out by it.
"""
import argparse
import csv
import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor

from demo_corpus import studio
from demo_corpus.arrange import MMA_LIB
from demo_corpus.genres import GENRES
from demo_corpus.render import render
from demo_corpus.styles import HELD_OUT_STYLES
from demo_corpus.tools import RenderError

COLUMNS = ["file", "genre", "valence", "arousal", "artist", "tempo", "mode", "groove", "split"]
ATTEMPTS = 6
SONGS, SECOND_SONGS = 20, 5          # of each genre
SIDE, SECOND_SIDE = 6, 2            # of the grid over valence and arousal, of which each song takes a cell
FORMATS = [("ogg", 44100, 1, ("-c:a", "libvorbis", "-q:a", "3")), ("mp3", 48000, 2, ("-c:a", "libmp3lame", "-q:a", "4")),
           ("flac", 32000, 1, ("-c:a", "flac", "-sample_fmt", "s16")), ("m4a", 44100, 2, ("-c:a", "aac", "-b:a", "112k")),
           ("wav", 22050, 1, ("-c:a", "pcm_s16le")), ("aiff", 48000, 1, ("-c:a", "pcm_s16be"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--songs", type=int, help="songs a genre (20; with --second 5)")
    parser.add_argument("--seed", help="any text (1; with --second 2)")
    parser.add_argument("--genres", default=",".join(GENRES), help="comma separated")
    parser.add_argument("--second", action="store_true")
    parser.add_argument("--jobs", type=int, default=1, help="songs at a time (1)")
    args = parser.parse_args()
    args.out = os.path.abspath(args.out)          # the tools run in a folder of their own
    songs, seed = args.songs or (SECOND_SONGS if args.second else SONGS), args.seed or ("2" if args.second else "1")
    # Genre by genre inside, so that an unfinished corpus is already balanced.
    wanted = [(args.out, name, index, songs, seed, args.second) for index in range(songs) for name in args.genres.split(",")]
    rows, failed = [], 0
    with ProcessPoolExecutor(args.jobs) as pool:
        for (_, name, index, *_), row in zip(wanted, pool.map(make_song, *zip(*wanted))):
            if row:
                rows.append(row)
                write_manifest(args.out, rows)
            failed += not row
            print(f"{len(rows)} songs, {row['file'] if row else f'FAILED {name} {index}'}", flush=True)
    print(f"{len(rows)} songs written, {failed} failed")
    return 1 if failed else 0


def make_song(out, name, index, songs, seed, second):
    """Renders one song and returns its manifest row, or None when no attempt worked."""
    genre = GENRES[name]
    held_out = second or index % 6 == 5          # every sixth song is on the test side
    families = families_of(name, genre, held_out)
    for attempt in range(ATTEMPTS):
        rng = random.Random(f"{seed}/{name}/{index}/{attempt}")
        valence, arousal = labels(rng, genre, name, index, songs, seed, second)
        family = families[(index // 6 if held_out and not second else index) % len(families)] if attempt < 3 else rng.choice(families)
        seconds = round(rng.uniform(9, 44) if second else rng.uniform(21, 29), 1)
        extension, rate, channels, codec = rng.choice(FORMATS) if second else ("ogg", 44100, 2, ("-c:a", "libvorbis", "-q:a", "5"))
        file = f"{name}/{name.lower()}_{index:03d}.{extension}"
        try:
            song = render(rng, name, genre, family, valence, arousal, seconds, f"{out}/{file}", rate, channels, codec)
            return dict(file=file, genre=name, valence=valence, arousal=arousal, artist=family.replace("/", "-"), tempo=song.tempo, mode=song.mode,
                        groove=song.groove, split="test" if held_out else "train")
        except RenderError as error:
            print(f"{file}, attempt {attempt + 1}: {error} [{family}]", file=sys.stderr, flush=True)
    return None


def families_of(name, genre, held_out):
    """The studio's styles or the band's grooves of one side of the hold-out."""
    styles = studio.families(name)
    if styles:
        kept = HELD_OUT_STYLES[name].split()
        return kept if held_out else [style for style in styles if style not in kept]
    return [f for f in (genre.held_out if held_out else genre.families).split() if os.path.exists(f"{MMA_LIB}/{f}.mma")]


def labels(rng, genre, name, index, songs, seed, second):
    """Valence and arousal: one cell of a shuffled grid over the plane, jittered, leaning a little to the genre's side."""
    side = SECOND_SIDE if second else SIDE
    cells = [(x, y) for x in range(side) for y in range(side)] * (songs // side ** 2 + 1)
    random.Random(f"{seed}/{name}/grid").shuffle(cells)
    x, y = cells[index]
    spread = lambda cell, bias: max(-1.0, min(1.0, ((cell + rng.random()) / side * 2 - 1) * (1 - abs(bias) / 2) + bias))
    return round(spread(x, genre.valence_bias), 3), round(spread(y, genre.arousal_bias), 3)


def write_manifest(out, rows):
    with open(f"{out}/manifest.csv.part", "w", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    os.replace(f"{out}/manifest.csv.part", f"{out}/manifest.csv")


if __name__ == "__main__":
    sys.exit(main())
