#!/usr/bin/python3
"""Prints SciPy's numbers for the tests of this package: golden.py > golden.json. Needs numpy and scipy."""
import json
import random
import sys

import numpy as np
import scipy
from scipy import signal

rng = random.Random(20261121 if len(sys.argv) < 2 else int(sys.argv[1]))


def signal_of(kind, n, seed):
    """The signals of scipytest.Signal, exact in both languages."""
    state, noise = seed, []
    for _ in range(n):
        state = (1103515245 * state + 12345) % (1 << 31)
        noise.append((state >> 8) / (1 << 22) - 1)
    x, i = np.array(noise, dtype=float), np.arange(n)
    if kind == "alternating":
        x = 1.0 - 2 * (i % 2)
    elif kind == "half":  # whose mean SciPy subtracts without a rest, which it would take for a signal
        x = np.full(n, 0.5)
    elif kind == "zero":
        x = np.zeros(n)
    elif kind == "square":
        x = np.where(i // 7 % 2 == 0, 32767.0, -32768.0)
    elif kind == "offset":
        x = x + 1e6
    elif kind == "tiny":
        x = x * 2.0**-60
    elif kind == "huge":
        x = x * 2.0**70
    elif kind == "impulse":
        x = np.zeros(n)
        x[n // 2] = 1.0
    return x


def case(name, kinds=("noise", "noise"), n=(300, 300), lag=0, mean=False, norm="raw", seed=1):
    return dict(name=name, kinds=list(kinds), n=list(n), lag=lag, mean=mean, norm=norm, seed=seed)


def cases():
    for n in ((1, 1), (1, 2), (2, 1), (2, 2), (5, 3), (3, 5), (300, 300), (1, 400), (400, 1), (513, 512)):
        for lag in (0, 1, 4, 1000):
            yield case(f"{n[0]} and {n[1]} up to {lag}", n=n, lag=lag)
    for a in ("half", "zero", "square", "offset", "impulse", "tiny", "huge"):
        for norm in ("raw", "energy", "overlap"):
            yield case(f"{a} {norm}", kinds=(a, "noise"), norm=norm)
            yield case(f"{a} mean {norm}", kinds=("noise", a), n=(300, 270), mean=True, norm=norm, lag=40)
            yield case(f"{a} both {norm}", kinds=(a, a), mean=True, norm=norm, lag=40)
    yield case("far apart", kinds=("tiny", "huge"), lag=30)
    for n, lag in (((40000, 40000), 20), ((20000, 20000), 3000), ((30000, 10000), 100), ((10000, 30000), 100), ((4000, 4001), 0), ((20000, 300), 10)):
        yield case(f"long {n[0]} and {n[1]} up to {lag}", kinds=("offset", "noise"), n=n, lag=lag, mean=True, norm="energy")
        yield case(f"long {n[0]} and {n[1]} up to {lag}, overlap", kinds=("noise", "offset"), n=n, lag=lag, mean=True, norm="overlap")
    for i in range(60):
        n = rng.randint(1, 900)
        yield case(f"random {i}", kinds=[rng.choice(("noise", "noise", "square", "offset")) for _ in range(2)], seed=rng.randint(1, 1 << 30),
                   n=(n, rng.choice((n, rng.randint(1, 900)))), lag=rng.choice((0, 1, rng.randint(1, 950))), mean=rng.random() < 0.5,
                   norm=rng.choice(("raw", "energy", "overlap")))


def correlations():
    for c in cases():
        u, v = (signal_of(k, n, c["seed"] + i) for i, (k, n) in enumerate(zip(c["kinds"], c["n"])))
        if c["mean"]:
            u, v = u - u.mean(), v - v.mean()
        r = signal.correlate(u, v, "full", "direct" if len(u) * len(v) < 100000 else "fft")
        lags = signal.correlation_lags(len(u), len(v))
        if c["lag"]:
            r, lags = r[abs(lags) <= c["lag"]], lags[abs(lags) <= c["lag"]]
        scale = np.full(len(r), np.sqrt((u * u).sum() * (v * v).sum()))
        largest = float(scale[0])
        if c["norm"] == "overlap":
            for i, k in enumerate(lags):
                a, b = max(0, k), min(len(u), len(v) + k)
                scale[i] = np.sqrt((u[a:b]**2).sum() * (v[a - k:b - k]**2).sum())
        if c["norm"] != "raw":
            r, largest = np.divide(r, scale, out=np.zeros_like(r), where=scale != 0), 1.0
        at = range(len(r)) if len(r) <= 20 else sorted({0, 1, len(r) // 2, len(r) - 1, int(np.argmax(r)), *(rng.randrange(len(r)) for _ in range(20))})
        c.update(first=int(lags[0]), length=len(r), argmax=int(np.argmax(r)), scale=largest, at=list(at), values=[float(r[i]) for i in at])
        yield c


json.dump({"numpy": np.__version__, "scipy": scipy.__version__, "correlations": list(correlations())}, sys.stdout, separators=(",", ":"))
print()
