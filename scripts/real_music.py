#!/usr/bin/env python3
"""Makes two sets of produced music, A and B, to judge the program on: excerpts of the music that Debian's game packages carry.

    scripts/real_music.py OUT                             both sets, 30 seconds a track
    scripts/real_music.py OUT --seconds 10 --sets B       one of them, shorter

The demo corpus is rendered from one sound font; these tracks were mixed by people, in stereo, with voices, guitars and mastering. No package is
in both sets, and as far as the credits tell no artist, so what was tuned on A can be checked on B. Nothing of the music belongs in the repository.

real_music_packages.csv beside this script says which tracks of which package go where. A style is a rough label from credits, tags and titles.
`artist` left empty is taken from the file's tags. `tracks` are file names without the ending, with * and [], divided by |; a+b is a with b, which
lies beside it, mixed in: those songs come with the guitar apart. A licence is what the package's debian/copyright says of its music.

Each track is cut at a quarter of its length to OUT/SET/STYLE/PACKAGE_NAME.flac, 44.1 kHz, 16 bit; OUT/SET/manifest.csv lists them.
Left out are tracks that are short, silent, mono in all but name, or of a sample rate that cuts the treble.
Needs (Debian or like it): ffmpeg, apt-get with fresh lists, dpkg, 4 GB of downloads, 1.5 GB of room in the temporary folder; about ten minutes.
"""
import argparse
import collections
import csv
import fnmatch
import itertools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TABLE = pathlib.Path(__file__).with_name("real_music_packages.csv")
COLUMNS = ["file", "genre", "artist", "package", "licence"]
ENDINGS = {".ogg", ".oga", ".mp3", ".flac", ".opus", ".wav"}
RATE = 44100
SHORTEST = 35              # seconds of a track; shorter ones are loops and jingles
MOST_OF_A_PACKAGE = 15
WANTED = 60                # tracks of a set
QUIETEST_MID = -60         # dB of full scale
QUIETEST_SIDE = -40        # dB below mid: less is mono


class Unfit(Exception):
    """Why a track is not taken."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--sets", nargs="+", choices=["A", "B"], default=["A", "B"])
    args = parser.parse_args()
    missing = [tool for tool in ["ffmpeg", "ffprobe", "apt-get", "dpkg"] if not shutil.which(tool)]
    if missing:
        sys.exit(f"real_music: {', '.join(missing)} missing; this needs a Debian-like system and `apt-get install ffmpeg`")
    with open(TABLE, newline="") as table:
        packages = [(name, list(rows)) for name, rows in itertools.groupby(csv.DictReader(table), key=lambda row: (row["set"], row["package"]))]
    return max([make_set(args.out / name, [(p, rows) for (s, p), rows in packages if s == name], args.seconds) for name in args.sets])


def make_set(out, packages, seconds):
    """Cuts one set and writes its manifest; returns 1 when it is smaller than wanted."""
    manifest, refused, absent = [], collections.Counter(), []
    for package, rows in packages:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            if not unpack(package, folder):
                absent.append(package)
                continue
            cut_package(folder, rows, out, seconds, manifest, refused)
        print(f"{out.name}: {len(manifest)} tracks, after {package}", flush=True)
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "manifest.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(manifest)
    styles = collections.Counter(entry["genre"] for entry in manifest)
    print(f"{out.name}: {len(manifest)} tracks from {len(packages) - len(absent)} packages; {counts(styles)}")
    print(f"{out.name}: not taken: {counts(refused) or 'none'}")
    if absent:
        print(f"{out.name}: packages that could not be had: {len(absent)}, {', '.join(absent)} (are apt's lists fresh? apt-get update)")
    if len(manifest) < WANTED:
        print(f"{out.name}: fewer than the {WANTED} tracks wanted")
    return int(len(manifest) < WANTED)


def unpack(package, folder):
    """Downloads a package and unpacks it into the folder, without installing it; False when it can't be had."""
    if subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, capture_output=True).returncode:
        return False
    deb = next(folder.glob("*.deb"))
    unpacked = subprocess.run(["dpkg", "-x", deb, folder], capture_output=True).returncode == 0
    deb.unlink()
    return unpacked


def cut_package(folder, rows, out, seconds, manifest, refused):
    """Cuts the tracks that the table's rows name, adds them to the manifest and counts those refused."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file() and not path.is_symlink())
    wanted = [(row, pattern) for row in rows for pattern in row["tracks"].split("|")]
    taken = 0
    for row, pattern in wanted:
        first, *stems = pattern.split("+")
        found = [path for path in files if fnmatch.fnmatchcase(path.stem, first)]
        if not found:
            refused["not in the package"] += 1
        for path in found:
            if taken == MOST_OF_A_PACKAGE:
                refused["over the cap of a package"] += 1
                continue
            title = path.stem if not stems else path.parent.name
            name = f"{row['package']}_{re.sub('[^A-Za-z0-9]+', '-', title).strip('-')}.flac"
            target = out / row["style"] / name
            try:
                artist = cut([path] + [path.with_stem(stem) for stem in stems], target, seconds)
            except Unfit as reason:
                refused[str(reason)] += 1
                continue
            taken += 1
            manifest.append({"file": f"{row['style']}/{name}", "genre": row["style"], "artist": row["artist"] or artist or "unknown",
                             "package": row["package"], "licence": row["licence"]})


def cut(sources, target, seconds):
    """Writes the excerpt of a track, the sum of its sources, and returns the artist in its tags. Raises Unfit."""
    length, artist = look_at(sources[0])
    start = round(length * 0.25 * RATE)
    count = round(seconds * RATE)
    if start + count > length * RATE:
        raise Unfit("too short")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Counted in samples after decoding from the start: seeking in a compressed file is not exact.
    graph = (f"amix=inputs={len(sources)},aresample={RATE},atrim=start_sample={start}:end_sample={start + count},"
             "aresample=osf=s16:dither_method=triangular")
    inputs = [part for source in sources for part in ["-i", source]]
    made = run("ffmpeg", "-y", "-v", "error", *inputs, "-filter_complex", graph, "-map_metadata", "-1", "-c:a", "flac", target)
    try:
        if made.returncode:
            raise Unfit("unreadable")
        mid, side = levels(target)
        if mid < QUIETEST_MID:
            raise Unfit("silent")
        if side < mid + QUIETEST_SIDE:
            raise Unfit("mono")
    except Unfit:
        target.unlink(missing_ok=True)
        raise
    return artist


def look_at(path):
    """A track's length in seconds and the artist in its tags. Raises Unfit when its form alone rules it out."""
    form = run("ffprobe", "-v", "error", "-select_streams", "a:0", "-show_streams", "-show_format", "-of", "json", path).stdout
    try:
        form = json.loads(form)
        stream = form["streams"][0]
        channels, rate, length = stream["channels"], int(stream["sample_rate"]), float(form["format"]["duration"])
    except (KeyError, IndexError, ValueError):
        raise Unfit("unreadable") from None
    if channels != 2:
        raise Unfit("not two channels")
    if rate < RATE:
        raise Unfit("low sample rate")
    if length < SHORTEST:
        raise Unfit("too short")
    tags = {**form["format"].get("tags", {}), **stream.get("tags", {})}
    return length, next((value.strip() for key, value in tags.items() if key.lower() == "artist"), "")


def levels(path):
    """The RMS of mid and side, in dB."""
    graph = "pan=stereo|c0=0.5*c0+0.5*c1|c1=0.5*c0-0.5*c1,astats=measure_overall=none:measure_perchannel=RMS_level"
    report = run("ffmpeg", "-nostats", "-i", path, "-af", graph, "-f", "null", "-").stderr
    mid, side = [float(level) for level in re.findall(r"RMS level dB: (\S+)", report)]
    return mid, side


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL)


def counts(counter):
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())


if __name__ == "__main__":
    sys.exit(main())
