#!/usr/bin/env python3
"""What is left of a rendered file when its recording is taken away, and whether two files lie alike between the channels.

    null_test.py residual RENDERED RECORDING       lined up to the sample, one gain fitted, first and last 2,048 samples left out
    null_test.py stereo ONE OTHER                  correlation and level of the channels in third octaves: of both, and how far apart
    null_test.py check                             tries both on files that it makes itself

Prints JSON. Both files are brought to --rate (default: the first one's own; soxr). A resampler leaves a residual of its own, so render at the
recording's rate where the residual matters. The residual of a channel is in dB of what the recording, with the gain, has there (-200: nothing); a
mono file counts for both channels. `between_samples` says how far from a whole sample the best match lies: away from 0 the residual is one of delay.

Correlation is that of left and right, in phase (1 mono, 0 apart, -1 inverted); level is left over right. Bands are left out where either file is more
than 60 dB below its own whole.

Needs `pip install numpy scipy soundfile soxr`; files that libsndfile can't read go through ffmpeg.
"""
import argparse
import json
import pathlib
import tempfile

import numpy
import scipy.signal
import sound
import soundfile

EDGE = 2_048
# dB of a file's whole power, summed over both channels.
QUIETEST_BAND_DB = -60
# IEC 61260, base ten: 50 Hz to 20 kHz.
BANDS_HZ = 1_000 * 10 ** (numpy.arange(-13, 14) / 10)
WINDOW_SECS = 0.37


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, files in [("residual", ["rendered", "recording"]), ("stereo", ["one", "other"])]:
        command = commands.add_parser(name)
        for file in files:
            command.add_argument(file, type=pathlib.Path)
        command.add_argument("--rate", type=int, help="Hz (default: of the first file)")
    commands.add_parser("check")
    args = parser.parse_args()
    if args.command == "check":
        check()
        print("null_test: as expected on all files made for it")
        return
    found = residual(args.rendered, args.recording, args.rate) if args.command == "residual" else stereo(args.one, args.other, args.rate)
    print(json.dumps(found, indent=1))


def residual(rendered_path, recording_path, rate=None):
    """Lag (samples by which the rendering is later), gain and residual (dB) of a rendering against its recording."""
    rendered, rate = sound.read(rendered_path, rate)
    recording, _ = sound.read(recording_path, rate)
    rendered, recording = same_channels(rendered, recording)
    lag, alike, fraction = sound.line_up(recording, rendered)
    source, made = sound.overlap(recording, rendered, lag)
    if len(source) <= 2 * EDGE:
        raise SystemExit(f"{rendered_path}: only {len(source)} samples in common with {recording_path}")
    source, made = source[EDGE:-EDGE], made[EDGE:-EDGE]
    gain = sound.fit_gain(source, made)
    kept = (gain * source) ** 2
    left = (made - gain * source) ** 2
    return {
        "rate_hz": rate,
        "lag": lag,
        "between_samples": round(fraction, 3) + 0.0,
        "alike": round(alike, 6),
        "samples": len(source),
        "gain_db": round(sound.decibels(gain**2), 3),
        "inverted": gain < 0,
        "residual_db": [round(sound.decibels(left[:, c].sum(), kept[:, c].sum()), 2) for c in range(source.shape[1])],
        "residual_peak": float(f"{numpy.sqrt(left.max()):.3g}"),
    }


def same_channels(one, other):
    """Both with as many channels; a mono one is repeated."""
    channels = max(one.shape[1], other.shape[1])
    if {one.shape[1], other.shape[1]} - {1, channels}:
        raise SystemExit(f"files of {one.shape[1]} and {other.shape[1]} channels can't be compared")
    return (numpy.broadcast_to(samples, (len(samples), channels)) for samples in [one, other])


def stereo(one_path, other_path, rate=None):
    """The bands of both files and the widest differences between them."""
    one, rate = sound.read(one_path, rate)
    other, _ = sound.read(other_path, rate)
    places = [place(samples, rate, path) for samples, path in [(one, one_path), (other, other_path)]]
    bands = [
        {"band_hz": round(band), "correlation": [a[0], b[0]], "level_db": [a[1], b[1]]}
        for band in sorted(places[0].keys() & places[1].keys())
        for a, b in [(places[0][band], places[1][band])]
    ]
    if not bands:
        raise SystemExit("no band is loud enough in both files")
    apart = {name: [abs(band[name][0] - band[name][1]) for band in bands] for name in ["correlation", "level_db"]}
    return {
        "rate_hz": rate,
        "correlation_apart": {"most": round(max(apart["correlation"]), 4), "mean": round(float(numpy.mean(apart["correlation"])), 4)},
        "level_apart_db": {"most": round(max(apart["level_db"]), 3), "mean": round(float(numpy.mean(apart["level_db"])), 3)},
        "bands": bands,
    }


def place(samples, rate, path):
    """Correlation and level difference (dB) of the channels, by the middle of the band."""
    if samples.shape[1] != 2:
        raise SystemExit(f"{path}: {samples.shape[1]} channels, not two")
    window = min(round(WINDOW_SECS * rate), len(samples))
    left, right = samples.T
    frequencies, crossed = scipy.signal.csd(left, right, rate, nperseg=window, detrend=False)
    left, right = (scipy.signal.welch(channel, rate, nperseg=window, detrend=False)[1] for channel in [left, right])
    whole = (left + right).sum()
    bands = {}
    for middle in BANDS_HZ:
        inside = (frequencies >= middle * 10**-0.05) & (frequencies < middle * 10**0.05)
        powers = left[inside].sum(), right[inside].sum()
        if inside.any() and sum(powers) > whole * 10 ** (QUIETEST_BAND_DB / 10):
            alike = crossed[inside].real.sum() / numpy.sqrt(powers[0] * powers[1]) if min(powers) > 0 else 0.0
            bands[float(middle)] = round(float(alike), 4), round(sound.decibels(*powers), 3)
    return bands


def check():
    """Both comparisons on files whose answers are known; raises AssertionError."""
    rate, draw = 44_100, numpy.random.default_rng(0)
    noise = 0.1 * draw.standard_normal((3 * rate, 2))
    with tempfile.TemporaryDirectory() as folder:

        def write(name, samples, subtype="FLOAT"):
            soundfile.write(pathlib.Path(folder) / name, samples, rate, subtype=subtype)
            return pathlib.Path(folder) / name

        recording = write("recording.wav", noise)
        # Cut out of the recording 1,234 samples after its start, half as loud, the right channel disturbed at -40 dB.
        disturbed = 0.5 * noise[1_234 : 1_234 + 2 * rate]
        disturbed[:, 1] += 0.5 * 0.001 * draw.standard_normal(len(disturbed))
        found = residual(write("disturbed.wav", disturbed), recording)
        assert found["lag"] == -1_234 and abs(found["between_samples"]) < 0.01, found
        assert abs(found["gain_db"] + 6.02) < 0.01, found
        assert found["residual_db"][0] < -80 and abs(found["residual_db"][1] + 40) < 0.1, found
        # Later than the recording, inverted, in 16 bits: the residual is the rounding, a twelfth of a step squared, over the power of 0.01.
        late = numpy.round(numpy.pad(-noise, ((777, 0), (0, 0))) * 2**15).astype(numpy.int16)
        found = residual(write("late.wav", late, "PCM_16"), recording)
        expected = 10 * numpy.log10(2**-30 / 12 / 0.01)
        assert found["lag"] == 777 and found["inverted"] and all(abs(db - expected) < 0.5 for db in found["residual_db"]), (found, expected)
        # Half a sample late is seen as that, and leaves much.
        spectrum = numpy.fft.rfft(noise, axis=0)
        half = numpy.fft.irfft(spectrum * numpy.exp(-1j * numpy.pi * numpy.arange(len(spectrum)) / len(noise))[:, None], len(noise), axis=0)
        found = residual(write("half.wav", half), recording)
        assert abs(found["between_samples"]) > 0.3 and min(found["residual_db"]) > -10, found
        # The middle of a recording: what is louder elsewhere does not draw the match away; a mono recording serves both channels.
        swelling = noise * numpy.linspace(0.05, 1, len(noise))[:, None]
        found = residual(write("quiet.wav", swelling[5_000:30_000, :1].repeat(2, axis=1)), write("mono.wav", swelling[:, :1]))
        assert found["lag"] == -5_000 and max(found["residual_db"]) < -100, found
        # The same gain on both channels leaves the place of things alone, but for its slope inside a band.
        panned = noise[:, :1] * [1.0, 0.5] + 0.3 * noise[:, 1:] * [0.5, -1.0]
        shape = scipy.signal.butter(2, [300, 3_000], "bandpass", fs=rate)
        found = stereo(write("panned.wav", panned), write("shaped.wav", scipy.signal.lfilter(*shape, panned, axis=0)))
        assert len(found["bands"]) > 15 and found["correlation_apart"]["most"] < 0.01 and found["level_apart_db"]["most"] < 0.3, found
        # One channel down by 3 dB is 3 dB in every band; mono against independent channels is 1 against 0.
        found = stereo(recording, write("tilted.wav", noise * [1, 10 ** (-3 / 20)]))
        assert all(abs(band["level_db"][1] - band["level_db"][0] - 3) < 0.01 for band in found["bands"]), found
        found = stereo(recording, write("both.wav", noise[:, :1].repeat(2, axis=1)))
        loud = [band for band in found["bands"] if band["band_hz"] > 500]
        assert len(loud) > 10 and all(abs(band["correlation"][0]) < 0.2 and band["correlation"][1] == 1 for band in loud), found
        # Bands that one file lacks are not compared.
        low = stereo(recording, write("low.wav", scipy.signal.sosfilt(scipy.signal.butter(12, 1_000, fs=rate, output="sos"), noise, axis=0)))
        assert max(band["band_hz"] for band in low["bands"]) < 3_000, low


if __name__ == "__main__":
    main()
