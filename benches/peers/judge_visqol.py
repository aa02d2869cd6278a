#!/usr/bin/env python3
"""ViSQOL 3 in audio mode as an outside listener: how good pairs of a recording and what became of it sound, as MOS-LQO from 1 to 4.73.

    judge_visqol.py PAIRS.csv [--jobs N]      columns `reference` and `degraded`; relative paths start beside the table; other columns are passed on
    judge_visqol.py FOLDER [--jobs N]         FOLDER/reference/NAME.wav with FOLDER/degraded/NAME.wav

Prints JSON: every pair, and the mean with its 95 % interval by bootstrap over the clips (references), not over the pairs.

What is compared: ViSQOL is mono, so both files become the half sum of their channels, at 48 kHz (soxr, very high quality). The reference is brought
to -32 dBFS RMS of that half sum (ViSQOL has an absolute floor, so the level counts). The degraded one gets the one gain that fits it to the reference
by least squares; where the waves differ too much for that (phases made anew), the gain that makes it equally loud. ViSQOL levels it again by itself.
Both get what the reference lacks of half a second of silence at either end. Stereo is not judged here: see `null_test.py stereo`.

Needs `pip install visqol-python numpy scipy soundfile soxr`, and for a tenth of the time `numba`.
"""
import argparse
import csv
import functools
import importlib.metadata
import json
import multiprocessing
import os
import pathlib

# One computing thread a process: --jobs says how many cores are used.
for library in ["OMP", "OPENBLAS", "MKL", "NUMBA"]:
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy  # noqa: E402
import sound  # noqa: E402
from visqol import VisqolApi  # noqa: E402

RATE = 48_000
LEVEL_DB = -32.0
SILENCE_SECS = 0.5
# -80 dBFS: below it the levelled reference counts as silent.
SILENT = 1e-4
# Correlation of the waves below which a least-squares gain says nothing of loudness.
SAME_WAVE = 0.5
RESAMPLES = 10_000
SEED = 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--level", type=float, default=LEVEL_DB, help="of the reference, dBFS RMS (default: %(default)s)")
    args = parser.parse_args()
    pairs = list_pairs(args.pairs)
    print(json.dumps(report(judge(pairs, args.jobs, args.level), args.level), indent=1))


def list_pairs(source):
    """The pairs of a table or folder, as dictionaries with the paths under `reference` and `degraded`."""
    if source.is_dir():
        files = sorted(path for path in (source / "degraded").glob("*") if path.is_file())
        pairs = [{"reference": str(source / "reference" / path.name), "degraded": str(path)} for path in files]
    else:
        with open(source, newline="") as table:
            pairs = list(csv.DictReader(table))
        for pair in pairs:
            pair |= {side: str(source.parent / pair[side]) for side in ["reference", "degraded"]}
    if not pairs:
        raise SystemExit(f"{source}: no pairs; see --help for what a folder or table must hold")
    absent = [path for pair in pairs for path in [pair["reference"], pair["degraded"]] if not os.path.isfile(path)]
    if absent:
        raise SystemExit(f"{source}: missing: {', '.join(absent[:5])}")
    return pairs


def judge(pairs, jobs, level=LEVEL_DB):
    """The pairs in their order, each with `mos_lqo` and what was done to the degraded file."""
    work = functools.partial(judge_one, level=level)
    if jobs == 1:
        return [work(pair) for pair in pairs]
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        return pool.map(work, pairs, chunksize=1)


def judge_one(pair, level):
    reference, degraded, done = prepare(pair["reference"], pair["degraded"], level)
    result = listener().measure_from_arrays(reference, degraded, RATE)
    return {**pair, "mos_lqo": round(float(result.moslqo), 4), **done}


@functools.cache
def listener():
    api = VisqolApi()
    api.create(mode="audio")
    return api


def prepare(reference_path, degraded_path, level=LEVEL_DB):
    """Both files as ViSQOL gets them, and what was done: lag (samples at 48 kHz), how alike the waves are, gain (dB) and its kind."""
    reference, degraded = (sound.mid(sound.read(path, RATE)[0]) for path in [reference_path, degraded_path])
    power = numpy.mean(reference**2)
    if power == 0:
        raise SystemExit(f"{reference_path}: silent")
    reference = reference * 10 ** (level / 20) / numpy.sqrt(power)
    lag, alike, _ = sound.line_up(reference[:, None], degraded[:, None])
    ours, theirs = sound.overlap(reference, degraded, lag)
    same = abs(alike) >= SAME_WAVE
    gain = sound.fit_gain(theirs, ours) if same else float(numpy.sqrt((ours @ ours) / (theirs @ theirs)))
    heard = numpy.flatnonzero(numpy.abs(reference) > SILENT)
    wanted = round(SILENCE_SECS * RATE)
    pads = max(0, wanted - heard[0]), max(0, wanted - (len(reference) - 1 - heard[-1]))
    done = {"lag": lag, "alike": round(alike, 4), "gain_db": round(sound.decibels(gain**2), 2), "gain": "least squares" if same else "equal power"}
    return numpy.pad(reference, pads), numpy.pad(degraded * gain, pads), done


def report(judged, level=LEVEL_DB):
    """The judged pairs with their mean and its interval."""
    mean, low, high = interval(judged)
    return {
        "mean": round(mean, 3),
        "interval_95": [round(low, 3), round(high, 3)],
        "clips": len({pair["reference"] for pair in judged}),
        "settings": {
            "listener": f"visqol-python {importlib.metadata.version('visqol-python')}, audio mode",
            "heard": "half sum of the channels, 48 kHz",
            "reference_dbfs_rms": level,
            "silence_secs": SILENCE_SECS,
            "bootstrap": f"{RESAMPLES} resamples of clips, percentiles, seed {SEED}",
        },
        "pairs": judged,
    }


def interval(judged):
    """The mean score and the 2.5 and 97.5 % points of the means of clips drawn with replacement."""
    clips = {}
    for pair in judged:
        clips.setdefault(pair["reference"], []).append(pair["mos_lqo"])
    sums = numpy.array([sum(scores) for scores in clips.values()])
    counts = numpy.array([len(scores) for scores in clips.values()])
    drawn = numpy.random.default_rng(SEED).integers(len(sums), size=(RESAMPLES, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return sums.sum() / counts.sum(), *map(float, numpy.percentile(means, [2.5, 97.5]))


if __name__ == "__main__":
    main()
