#!/usr/bin/env python3
"""t-SNE by scikit-learn on the rows it is given: the peer of benches/atlas.rs.

Usage: tsne_sklearn.py ROWS.f32 WIDTH EPOCHS PERPLEXITY OUT.f32
Reads little-endian float32 rows, writes two float32 coordinates a row, prints the seconds the fit took.
"""
import sys
import time

import numpy
from sklearn.manifold import TSNE

rows_path, width, epochs, perplexity, out_path = sys.argv[1:]
rows = numpy.fromfile(rows_path, dtype="<f4").reshape(-1, int(width))
settings = dict(perplexity=float(perplexity), init="pca", method="barnes_hut", angle=0.5, random_state=0, n_jobs=-1)
try:
    solver = TSNE(max_iter=int(epochs), **settings)
except TypeError:  # before scikit-learn 1.5
    solver = TSNE(n_iter=int(epochs), **settings)
began = time.perf_counter()
points = solver.fit_transform(rows)
print(time.perf_counter() - began)
points.astype("<f4").tofile(out_path)
