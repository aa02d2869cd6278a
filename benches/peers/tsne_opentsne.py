#!/usr/bin/env python3
"""t-SNE by openTSNE (interpolation and FFT) on the rows it is given: the peer of benches/atlas.rs.

Usage: tsne_opentsne.py ROWS.f32 WIDTH EPOCHS PERPLEXITY OUT.f32
Reads little-endian float32 rows, writes two float32 coordinates a row, prints the seconds the fit took.
"""
import sys
import time

import numpy
from openTSNE import TSNE

rows_path, width, epochs, perplexity, out_path = sys.argv[1:]
rows = numpy.fromfile(rows_path, dtype="<f4").reshape(-1, int(width))
exaggerated = 250
solver = TSNE(perplexity=float(perplexity), initialization="pca", early_exaggeration_iter=exaggerated,
              n_iter=int(epochs) - exaggerated, negative_gradient_method="fft", random_state=0, n_jobs=-1)
began = time.perf_counter()
points = solver.fit(rows)
print(time.perf_counter() - began)
numpy.asarray(points).astype("<f4").tofile(out_path)
