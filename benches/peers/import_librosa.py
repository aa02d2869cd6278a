#!/usr/bin/env python3
"""The peer of benches/import.rs: decode every file below a folder and make mel spectrograms, in two processes.

Usage: import_librosa.py FOLDER. Prints one JSON line {"audio_secs", "wall_secs", "files"}; needs `pip install librosa`.
The same job as the import's: mono 44.1 kHz, window 2048, hop 256, 224 bands, log. The libraries are loaded and warm
before the clock starts.
"""
import json
import multiprocessing
import os
import sys
import time

# One computing thread per process, as many processes as the import has threads.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = os.environ["NUMBA_NUM_THREADS"] = "1"

WORKERS = 2
# As many as the import gets; the fastest counts.
ROUNDS = 3
EXTENSIONS = (".ogg", ".wav", ".flac", ".mp3")


def frames_of(path):
    import librosa
    import numpy

    samples, rate = librosa.load(path, sr=44_100, mono=True)
    mel = librosa.feature.melspectrogram(y=samples, sr=rate, n_fft=2_048, hop_length=256, n_mels=224)
    half = (0.5 * numpy.log(mel + 1e-8)).astype(numpy.float16)
    return len(samples) / rate, half.shape[1]


def main():
    folder = sys.argv[1]
    files = sorted(
        os.path.join(place, name) for place, _, names in os.walk(folder) for name in names if name.endswith(EXTENSIONS)
    )
    with multiprocessing.Pool(WORKERS) as pool:
        pool.map(frames_of, files[:1] * WORKERS, chunksize=1)
        wall_secs = float("inf")
        for _ in range(ROUNDS):
            start = time.perf_counter()
            audio_secs = sum(secs for secs, _ in pool.imap_unordered(frames_of, files))
            wall_secs = min(wall_secs, time.perf_counter() - start)
    print(json.dumps({"audio_secs": audio_secs, "wall_secs": wall_secs, "files": len(files)}))


if __name__ == "__main__":
    main()
