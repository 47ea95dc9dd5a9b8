#!/usr/bin/python3
"""SciPy's answers for analysis/peaks: golden.py [SEED [ROUNDS]] > golden.json

Each case is solved twice: as SciPy does it, and with a stable sort in place of numpy.argsort (see the package comment on ties).
"""
import json
import sys
import warnings

import numpy as np
import scipy
from scipy import signal
from scipy.signal import _peak_finding_utils as utils

seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
rng = np.random.default_rng(seed)
warnings.simplefilter("ignore")
INF, NAN = float("inf"), float("nan")


class StableSort:
    """NumPy as the compiled module sees it, with a stable argsort."""

    def __getattr__(self, name):
        return getattr(np, name)

    @staticmethod
    def argsort(a):
        return np.argsort(a, kind="stable")


def solve(x, stable, **conditions):
    utils.np = StableSort() if stable else np
    index, found = signal.find_peaks(np.array(x, dtype=float), **conditions)
    utils.np = np
    return {"index": index.tolist(), **{k: [text(v) for v in p.tolist()] for k, p in found.items()}}


def text(v):
    """JSON has neither NaN nor infinities."""
    return v if np.isfinite(v) else repr(v)


def pair(v):
    """A condition as [min, max]."""
    lo, hi = v if isinstance(v, tuple) else (v, None)
    return ["-inf" if lo is None else lo, "inf" if hi is None else hi]


cases = []


def case(name, x, **conditions):
    x = [round(float(v), 4) for v in x]
    stable = solve(x, True, **conditions)
    numpy = solve(x, False, **conditions)
    plain = {k: v if k in ("distance", "wlen", "rel_height") else pair(v) for k, v in conditions.items()}
    cases.append({"name": name, "x": [text(v) for v in x], "options": plain, "stable": stable,
                  "numpy": numpy["index"] if numpy["index"] != stable["index"] else None})


ALL = dict(height=(None, None), threshold=(None, None), prominence=(None, None), width=(None, None), plateau_size=(None, None))
sets = [
    {}, ALL, {"height": 1}, {"height": (None, 2)}, {"height": (-1, 2)}, {"threshold": 1}, {"threshold": (None, 3)},
    {"threshold": (0.5, 2)}, {"distance": 1}, {"distance": 2}, {"distance": 5}, {"distance": 7.2}, {"distance": 40},
    {"prominence": 2}, {"prominence": (None, 2)}, {"prominence": (1, 4)}, {"width": 2}, {"width": (None, 4)}, {"width": (1, 3)},
    {"plateau_size": 2}, {"plateau_size": (None, 1)}, {"plateau_size": (2, 3)}, {"prominence": 1, "wlen": 2},
    {"prominence": 1, "wlen": 5}, {"prominence": 1, "wlen": 10}, {"prominence": 2, "wlen": 31},
    {"width": 1, "wlen": 4}, {"width": 1, "wlen": 20}, {"width": (None, None), "rel_height": 1}, {"width": (None, None), "rel_height": 0.1},
    {"width": (None, None), "rel_height": 1.7}, {"width": (None, None), "rel_height": 0.9, "wlen": 15},
    {"height": 0, "distance": 6, "prominence": 1}, {"height": 0, "distance": 12, "prominence": 1, "width": 1},
    {"height": 1, "distance": 3, "prominence": (1, 5), "width": (1, 9), "threshold": (None, 4), "plateau_size": (None, 2), "wlen": 25},
    {**ALL, "distance": 4}, {**ALL, "distance": 9, "wlen": 12}, {**ALL, "height": 1}, {**ALL, "height": 1, "distance": 5},
]


def signals(n):
    t = np.arange(n)
    yield "coarse noise", rng.integers(-3, 4, n)
    yield "fine noise", rng.normal(0, 2, n)
    yield "sine and noise", 4 * np.sin(t / 9) + rng.normal(0, 0.5, n)
    yield "coarse sine", np.round(3 * np.sin(t / 7) + rng.normal(0, 0.4, n))
    yield "clipped sine", np.clip(np.round(6 * np.sin(t / 11) + rng.normal(0, 0.6, n)), -4, 4)
    yield "two levels", rng.integers(0, 2, n)
    yield "walk", np.cumsum(rng.integers(-1, 2, n))
    yield "rising noise", t / 8 + rng.normal(0, 1, n)
    yield "falling coarse noise", -t // 8 + rng.integers(0, 4, n)
    x = rng.integers(-3, 4, n).astype(float)
    x[rng.integers(0, n, max(n // 25, 1))] = NAN
    yield "NaN", x
    x = rng.integers(-3, 4, n).astype(float)
    x[rng.integers(0, n, max(n // 20, 1))] = INF
    x[rng.integers(0, n, max(n // 20, 1))] = -INF
    yield "infinities", x
    x = np.repeat(rng.normal(0, 2, n), rng.integers(1, 6, n))[:n]
    yield "plateaus", x


for name, x in [("empty", []), ("one", [1]), ("two", [1, 2]), ("rise and fall", [0, 1, 0]), ("plateau to the end", [0, 1, 1, 1]),
                ("plateau from the start", [1, 1, 1, 0]), ("constant", [5] * 20), ("all NaN", [NAN] * 5), ("full scale", [-32768, 32767] * 9),
                ("a peak of all", [0, 2, 2, 2, 2, 0]), ("even plateau", [0, 3, 3, 1, 4, 4, 4, 2]), ("peak beside NaN", [0, 2, NAN, 2, 0, 1, 0]),
                ("deep", [0, 1, 0, 3, 1, 3, 0, 4, 0])]:
    for i, options in enumerate([{}, ALL, {**ALL, "distance": 3}, {**ALL, "wlen": 3}, {**ALL, "wlen": 3, "distance": 2}]):
        case(f"{name}/{i}", x, **options)
for r in range(rounds):
    for i, options in enumerate(sets):
        for k, (name, x) in enumerate(signals(int(rng.integers(20, 140)))):
            if rounds > 1 or (i + k) % 4 == 0:
                case(f"{name}/{r}/{i}", x, **options)
sorts = []
for n, values in [(0, 1), (1, 1), (16, 3), (17, 1), (17, 5), (60, 4), (200, 9), (200, 200), (400, 30)]:
    heights = rng.integers(0, values, n).astype(float)
    sorts.append({"heights": heights.tolist(), "quick": np.argsort(heights).tolist(), "heap": np.argsort(heights, kind="heapsort").tolist()})
json.dump({"versions": {"numpy": np.__version__, "scipy": scipy.__version__}, "sorts": sorts, "cases": cases}, sys.stdout)
print()
