#!/usr/bin/python3
"""What scipy.signal makes of random designs and of signals that are hard, as JSON on the standard output: live.py SEED.

Signals are those of scipytest.Signal, times a power of two.
"""
import json
import random
import sys

import numpy as np
from scipy import signal

rng = random.Random(int(sys.argv[1]))
BANDS = {"low-pass": "lowpass", "high-pass": "highpass", "band-pass": "bandpass", "band-stop": "bandstop"}


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
    elif kind == "impulse":
        x = np.zeros(n)
        x[n // 2] = 1.0
    return x


def design():
    kind, band = rng.choice(("Butterworth", "Chebyshev I", "Chebyshev II", "Bessel")), rng.choice(list(BANDS))
    order, rate, low = rng.randint(1, 8), rng.choice((1.0, 48000.0, 1e6)), 10 ** rng.uniform(-3, -0.4)
    edges = [low * rate] if band in ("low-pass", "high-pass") else [low * rate, min(low * rng.uniform(1.1, 5), 0.45) * rate]
    if len(edges) > 1 and edges[0] >= edges[1]:
        edges[0] = edges[1] / 1.3
    dB = {"Chebyshev I": rng.choice((0.1, 0.5, 1)), "Chebyshev II": rng.choice((30, 40, 60))}.get(kind, 0)
    norm = rng.choice(("phase", "delay", "mag")) if kind == "Bessel" else ""
    w, kw = edges if len(edges) > 1 else edges[0], dict(btype=BANDS[band], output="sos", fs=rate)
    if kind == "Butterworth":
        sos = signal.butter(order, w, **kw)
    elif kind == "Chebyshev I":
        sos = signal.cheby1(order, dB, w, **kw)
    elif kind == "Chebyshev II":
        sos = signal.cheby2(order, dB, w, **kw)
    else:
        sos = signal.bessel(order, w, norm=norm, **kw)
    return dict(kind=kind, band=band, order=order, edges=edges, dB=dB, norm=norm, rate=rate), sos


def edge(sos):
    """The samples that sosfiltfilt adds at either end."""
    return 3 * int(2 * len(sos) + 1 - min((sos[:, 2] == 0).sum(), (sos[:, 5] == 0).sum()))


def cases():
    for _ in range(200):
        d, sos = design()
        e = edge(sos)
        n = rng.choice((1, 2, e - 1, e, e + 1, e + 2, rng.randint(e + 1, 900)))
        kind, exponent, seed = rng.choice(("noise", "constant", "zero", "square", "offset", "impulse", "alternating")), rng.choice((0, 0, 0, 900, -900, -1030)), rng.randint(1, 1 << 30)
        x = np.ldexp(signal_of(kind, n, seed), exponent)
        rest = signal.sosfilt(sos, x)
        steady = signal.sosfilt(sos, x, zi=signal.sosfilt_zi(sos) * x[0])[0]
        both = signal.sosfiltfilt(sos, x).tolist() if n > e else None
        yield dict(design=d, signal=kind, exponent=exponent, seed=seed, size=n, rest=rest.tolist(), steady=steady.tolist(), both=both)


json.dump(list(cases()), sys.stdout)
