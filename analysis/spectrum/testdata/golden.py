#!/usr/bin/python3
"""Prints SciPy's numbers for the tests of this package: golden.py > golden.json. Needs numpy and scipy."""
import json
import random
import sys
import warnings

import numpy as np
import scipy
from scipy import signal

warnings.simplefilter("ignore")
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
    elif kind == "constant":
        x = np.full(n, 0.1)
    elif kind == "zero":
        x = np.zeros(n)
    elif kind == "square":
        x = np.where(i // 7 % 2 == 0, 32767.0, -32768.0)
    elif kind == "offset":
        x = x + 1e6
    elif kind == "drift":
        x = x + 0.25 * i
    elif kind == "impulse":
        x = np.zeros(n)
        x[n // 2] = 1.0
    elif kind == "tiny":
        x = x * 2.0**-60
    elif kind == "nan":
        x[n // 3] = np.nan
    elif kind == "inf":
        x[n // 3] = np.inf
    return x


def number(v):
    return None if np.isnan(v) else "inf" if np.isposinf(v) else float(v)


def window_of(text):
    if "(" not in text:
        return text
    name, value = text[:-1].split("(")
    return name, float(value)


WINDOWS = ["hann", "boxcar", "hamming", "blackman", "blackmanharris", "nuttall", "flattop", "bartlett",
           "kaiser(0)", "kaiser(5)", "kaiser(14)", "kaiser(29.9)", "kaiser(30.1)", "kaiser(120)", "kaiser(900)",
           "tukey(0)", "tukey(0.25)", "tukey(0.5)", "tukey(0.77)", "tukey(1)", "gaussian(3.5)", "gaussian(40)"]


def windows():
    for text in WINDOWS:
        for n in (1, 2, 3, 16, 17, 45):
            yield {"window": text, "values": [number(v) for v in signal.get_window(window_of(text), n)]}


def case(name, kind="noise", n=1000, seed=1, rate=1.0, window="hann", segment=64, overlap=-1, fft=0, detrend="constant",
         scaling="density", average="mean"):
    return dict(name=name, kind=kind, n=n, seed=seed, rate=rate, window=window, segment=segment, overlap=overlap, fft=fft,
                detrend=detrend, scaling=scaling, average=average)


def arguments(c):
    return dict(fs=c["rate"], window=window_of(c["window"]), nperseg=c["segment"], noverlap=None if c["overlap"] < 0 else c["overlap"],
                nfft=c["fft"] or None, detrend=False if c["detrend"] == "none" else c["detrend"], scaling=c["scaling"])


def welch_cases():
    yield case("defaults", segment=256, n=3000)
    for kind in ("constant", "zero", "square", "offset", "drift", "impulse", "tiny", "nan", "inf"):
        for detrend in ("constant", "linear", "none"):
            if detrend == "linear" and kind in ("nan", "inf"):
                continue  # SciPy refuses
            yield case(f"{kind} {detrend}", kind=kind, detrend=detrend)
    for n in (1, 2, 3, 63, 64, 65, 95, 96, 97, 127, 128):
        yield case(f"{n} samples", n=n)
        yield case(f"{n} samples, long transform", n=n, fft=100)
    for segment in (1, 2, 3, 5, 17, 30, 31, 37, 67, 100, 121, 127, 128):
        yield case(f"segment {segment}", segment=segment, overlap=0 if segment == 1 else -1)
    for average in ("mean", "median"):
        for n in (64, 96, 128, 160, 1000, 1033):
            yield case(f"{average} of {n}", n=n, average=average)
    yield case("median with nan", kind="nan", average="median")
    for segment, n in ((4096, 60000), (10000, 60000), (16384, 100000), (9973, 40000)):
        yield case(f"long {segment}", segment=segment, n=n, rate=1e6)
    for i in range(60):
        segment = rng.randint(2, 140)
        yield case(f"random {i}", kind=rng.choice(("noise", "noise", "square", "offset", "drift")), n=rng.randint(1, 2000),
                   seed=rng.randint(1, 1 << 30), rate=rng.choice((1.0, 48000.0, 1e6, 0.1)), window=rng.choice(WINDOWS[:8] + ["kaiser(8)", "tukey(0.3)", "gaussian(20)"]),
                   segment=segment, overlap=rng.choice((-1, 0, rng.randint(0, segment - 1))), fft=rng.choice((0, 0, segment + rng.randint(0, 90))),
                   detrend=rng.choice(("constant", "linear", "none")), scaling=rng.choice(("density", "spectrum")),
                   average=rng.choice(("mean", "mean", "median")))


def welch():
    for c in welch_cases():
        x = signal_of(c["kind"], c["n"], c["seed"])
        if c["overlap"] >= len(x):
            c["overlap"] = -1
        f, p = signal.welch(x, average=c["average"], **arguments(c))
        keep = range(len(p)) if len(p) <= 80 else sorted({0, 1, 2, len(p) // 2, len(p) - 2, len(p) - 1, *(rng.randrange(len(p)) for _ in range(30))})
        c.update(length=len(p), last=float(f[-1]), largest=number(np.max(p)), at=list(keep), values=[number(p[k]) for k in keep])
        yield c


def spectrograms():
    for c in (case("tukey as SciPy", window="tukey(0.25)", overlap=8, n=700), case("hann", n=500, rate=1000.0), case("odd", segment=33, n=300, fft=45),
              case("scaled", n=400, scaling="spectrum", detrend="none", overlap=0), case("linear", kind="drift", n=400, detrend="linear"),
              case("nan", kind="nan", n=500), case("one", n=64)):
        x = signal_of(c["kind"], c["n"], c["seed"])
        if c["overlap"] < 0:
            c["overlap"] = c["segment"] // 2
        f, t, s = signal.spectrogram(x, **arguments(c))
        c.update(times=[float(v) for v in t], columns=[[number(v) for v in s[:, i]] for i in range(s.shape[1])])
        yield c


json.dump({"numpy": np.__version__, "scipy": scipy.__version__, "windows": list(windows()), "welch": list(welch()),
           "spectrograms": list(spectrograms())}, sys.stdout, separators=(",", ":"))
print()
