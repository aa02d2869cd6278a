"""Reading, lining up and levelling sound for the scripts that judge it: what `judge_visqol.py` and `null_test.py` share.

Needs `pip install numpy scipy soundfile soxr`; files that libsndfile can't read go through ffmpeg.
"""

import json
import subprocess

import numpy
import soundfile
import soxr
from scipy.signal import correlate


def read(path, rate):
    """A file's samples as float64 [frames, channels] at the rate (Hz) that is asked for; None keeps the file's. Returns samples and rate."""
    try:
        samples, own = soundfile.read(path, dtype="float64", always_2d=True)
    except soundfile.LibsndfileError:
        samples, own = read_by_ffmpeg(path)
    if not len(samples):
        raise SystemExit(f"{path}: holds no sound")
    return resample(samples, own, rate or own), rate or own


def resample(samples, own, rate):
    return samples if rate == own else soxr.resample(samples, own, rate, quality="VHQ")


def read_by_ffmpeg(path):
    probe = ["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "stream=sample_rate,channels", "-of", "json", path]
    try:
        stream = json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)["streams"][0]
        raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-"], capture_output=True, check=True).stdout
    except (subprocess.CalledProcessError, FileNotFoundError, LookupError):
        raise SystemExit(f"{path}: neither libsndfile nor ffmpeg can read it") from None
    return numpy.frombuffer(raw, "<f4").astype(float).reshape(-1, stream["channels"]), int(stream["sample_rate"])


def mid(samples):
    """Half the sum of the channels: what a mono judge hears of stereo."""
    return samples.mean(axis=1)


def decibels(power, of=1.0):
    """A power in dB of another, between -200 (also for nothing at all) and 200."""
    if power <= 0:
        return -200.0
    return float(numpy.clip(10 * numpy.log10(power / of), -200, 200)) if of > 0 else 200.0


def line_up(one, other):
    """How far `other` [frames, channels] lies behind `one` in whole samples, and how alike they are there (-1 to 1).

    The peak, of either sign, of the cross-correlation of all channels together, over the energy of what overlaps; at least half of the shorter
    one must. A third value places the peak between the samples (parabola through three points): far from 0, a resampler or filter delayed one.
    """
    crossed = sum(correlate(other[:, c], one[:, c], method="fft") for c in range(one.shape[1]))
    lags = numpy.arange(1 - len(one), len(other))
    starts, ends = numpy.maximum(-lags, 0), numpy.minimum(len(one), len(other) - lags)
    one_energy, other_energy = running_energy(one), running_energy(other)
    energy = (one_energy[ends] - one_energy[starts]) * (other_energy[ends + lags] - other_energy[starts + lags])
    # What is nearly silent matches anything.
    usable = (2 * (ends - starts) >= min(len(one), len(other))) & (energy > 1e-6 * one_energy[-1] * other_energy[-1])
    if not usable.any():
        raise SystemExit("one of the files is silent: nothing can be lined up")
    alike = numpy.where(usable, crossed / numpy.sqrt(numpy.where(usable, energy, 1)), 0)
    best = int(numpy.abs(alike).argmax())
    fraction = 0.0
    if 0 < best < len(alike) - 1 and usable[best - 1] and usable[best + 1]:
        before, peak, after = numpy.abs(alike[best - 1 : best + 2])
        if peak > max(before, after):
            fraction = (before - after) / (2 * (before - 2 * peak + after))
    return int(lags[best]), float(alike[best]), float(fraction)


def running_energy(samples):
    return numpy.concatenate([[0], (samples**2).sum(axis=1).cumsum()])


def overlap(one, other, lag):
    """The frames that both have when `other` lies `lag` samples behind `one`."""
    start, end = max(-lag, 0), min(len(one), len(other) - lag)
    return one[start:end], other[start + lag : end + lag]


def fit_gain(source, target):
    """The gain on `source` that comes nearest to `target` by least squares, over all channels."""
    return float((source * target).sum() / (source * source).sum())
