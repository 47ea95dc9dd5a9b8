#!/usr/bin/python3
"""SciPy's answers for analysis/resample: golden.py [SEED] > golden.json"""
import json
import sys

import numpy as np
import scipy
from scipy import signal

seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
rng = np.random.default_rng(seed)
cases = []


def case(up, down, n, beta=5.0, taps=None):
    x = np.round(rng.standard_normal(n) * 1000, 3)
    window = np.array(taps) if taps is not None else ("kaiser", beta)
    y = signal.resample_poly(x, up, down, window=window)
    cases.append({"up": up, "down": down, "beta": beta, "taps": taps, "x": x.tolist(), "y": y.tolist()})


for up, down in [(1, 1), (3, 3), (1, 2), (2, 1), (1, 3), (2, 3), (3, 2), (147, 160), (160, 147), (6, 4), (1, 10), (7, 100), (100, 1)]:
    for n in [1, 2, 7, 31]:
        case(up, down, n)
case(1, 100, 1)
case(1, 100, 2500)
case(3, 100, 1501)
for beta in [0.5, 8.6, 14.0, 60.0]:
    case(2, 5, 60, beta)
for size in [1, 2, 3, 4, 15, 16]:
    for up, down in [(1, 4), (3, 2), (2, 3), (1, 40), (40, 1)]:
        case(up, down, 41, taps=np.round(rng.standard_normal(size), 4).tolist())
taps = {str(r): signal.firwin(20 * r + 1, 1 / r, window=("kaiser", 5.0)).tolist() for r in [2, 3, 10]}
json.dump({"versions": {"numpy": np.__version__, "scipy": scipy.__version__}, "taps": taps, "cases": cases}, sys.stdout)
print()
