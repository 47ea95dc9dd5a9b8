#!/usr/bin/python3
"""What scipy.signal makes of designs and signals, as JSON on the standard output: golden.py > golden.json.

Signals are x[i] = (splitmix64(seed + i) >> 48) - 32768 + offset, so that the test can make them again.
"""
import json
import sys

import numpy as np
import scipy
from scipy import signal

RATE = 1e6
M = (1 << 64) - 1
BANDS = {"low-pass": "lowpass", "high-pass": "highpass", "band-pass": "bandpass", "band-stop": "bandstop"}


def noise(seed, n, offset):
    out = []
    for i in range(n):
        z = (seed + i + 0x9E3779B97F4A7C15) & M
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
        out.append(float(((z ^ (z >> 31)) >> 48) - 32768 + offset))
    return np.array(out)


def sections(d):
    edges = d["edges"] if len(d["edges"]) > 1 else d["edges"][0]
    kw = dict(btype=BANDS[d["band"]], output="sos", fs=d["rate"])
    if d["kind"] == "Butterworth":
        return signal.butter(d["order"], edges, **kw)
    if d["kind"] == "Chebyshev I":
        return signal.cheby1(d["order"], d["dB"], edges, **kw)
    if d["kind"] == "Chebyshev II":
        return signal.cheby2(d["order"], d["dB"], edges, **kw)
    return signal.bessel(d["order"], edges, norm=d["norm"], **kw)


def design(kind, band, order, edges, dB=0, norm="", rate=RATE):
    return dict(kind=kind, band=band, order=order, edges=list(edges), dB=dB, norm=norm, rate=rate)


ONE = [0.023, 0.25, 0.002, 0.31, 0.44, 0.13]
TWO = [(0.1, 0.2), (0.02, 0.4), (0.003, 0.03), (0.24, 0.245), (0.3, 0.48), (0.05, 0.051)]


def designs():
    n = 0
    for kind, dB, norm in [("Butterworth", 0, ""), ("Chebyshev I", 0.5, ""), ("Chebyshev I", 3, ""), ("Chebyshev II", 40, ""),
                           ("Chebyshev II", 95.5, ""), ("Bessel", 0, "phase"), ("Bessel", 0, "delay"), ("Bessel", 0, "mag")]:
        for band in BANDS:
            for order in (1, 2, 3, 4, 5, 8, 11, 20)[3 * (dB > 90):]:
                edges = [ONE[n % 6]] if band.endswith("h-pass") or band == "low-pass" else TWO[n % 6]
                if order >= 11:
                    edges = [max(0.02, edges[0])] if len(edges) == 1 else TWO[n % 2]
                n += 1
                yield design(kind, band, order, [RATE * e for e in edges], dB, norm)


def responses():
    for d in designs():
        e = d["edges"]
        hz = [0, e[0] / 2, e[0], min(e[0] * 1.1, 0.49 * RATE), (e[-1] + e[0]) / 2, e[-1], (e[-1] + RATE / 2) / 2]
        h = signal.sosfreqz(sections(d), worN=np.array(hz), fs=RATE)[1]
        yield dict(design=d, hz=hz, re=h.real.tolist(), im=h.imag.tolist())


def outputs():
    n = 0
    for d in designs():
        n += 1
        if d["order"] > 11 and d["band"] == "band-stop":
            continue  # rounding leaves SciPy with few digits: the order of its sections lets the gain swing
        if n % 5 and not (d["kind"] == "Butterworth" and d["order"] in (3, 4)):
            continue
        seed, size, offset = n, [150, 1001, 2002, 333][n % 4], [0, 30000, -5][n % 3]
        x = noise(seed, size, offset)
        sos = sections(d)
        at = sorted({0, 1, 2, size // 3, size // 2, size - 3, size - 2, size - 1})
        rest = signal.sosfilt(sos, x)
        steady = signal.sosfilt(sos, x, zi=signal.sosfilt_zi(sos) * x[0])[0]
        both = signal.sosfiltfilt(sos, x)
        yield dict(design=d, seed=seed, size=size, offset=offset, at=at, rest=rest[at].tolist(), steady=steady[at].tolist(),
                   both=both[at].tolist(), largest=[float(np.abs(v).max()) for v in (rest, steady, both)])


def slow():
    """Cut-offs down to a millionth of the rate, where what is rounded off adds up: the sections, and what they make of a sine with noise."""
    t = np.arange(20000)
    x = np.round(3e3 * np.sin(t * 0.003)) + noise(7, len(t), 300) / 32
    n = 0
    for kind, dB, norm in [("Butterworth", 0, ""), ("Chebyshev I", 0.5, ""), ("Chebyshev II", 60, ""), ("Bessel", 0, "phase")]:
        for band in BANDS:
            for low in (1e-4, 3e-5, 1e-5, 3e-6, 1e-6):
                n += 1
                edges = [RATE * low] if band in ("low-pass", "high-pass") else [RATE * low, RATE * low * (3, 20, 400)[n % 3]]
                d = design(kind, band, (2, 4, 6, 3)[n % 4], edges, dB, norm)
                sos = sections(d)
                at = [0, 1, len(x) // 2, len(x) - 1]
                rest = signal.sosfilt(sos, x)
                steady = signal.sosfilt(sos, x, zi=signal.sosfilt_zi(sos) * x[0])[0]
                both = signal.sosfiltfilt(sos, x)
                yield dict(design=d, sections=sos.tolist(), size=len(x), at=at, rest=rest[at].tolist(), steady=steady[at].tolist(),
                           both=both[at].tolist(), largest=[float(np.abs(v).max()) for v in (rest, steady, both)])


def processor():
    """What NumPy finds: its tangent, products and so on are not the same on all."""
    from numpy.core._multiarray_umath import __cpu_features__ as features
    return " ".join(f for f in ("FMA3", "AVX2", "AVX512F", "AVX512_SKX", "ASIMD") if features.get(f))


def firs():
    n = 0
    for band in BANDS:
        for taps in (2, 3, 31, 64, 101, 400):
            for window in ("hamming", ("kaiser", 8.6)):
                n += 1
                if taps % 2 == 0 and band in ("high-pass", "band-stop"):
                    continue
                edges = [RATE * ONE[n % 6]] if band in ("low-pass", "high-pass") else [RATE * v for v in TWO[n % 6]]
                b = signal.firwin(taps, edges if len(edges) > 1 else edges[0], window=window, pass_zero=BANDS[band], fs=RATE)
                size, seed = 3 * taps + 1 + 7 * n, 100 + n
                x = noise(seed, size, 100)
                both = signal.filtfilt(b, 1, x)
                rest = signal.lfilter(b, 1, x)
                at = sorted({0, 1, size // 3, size // 2, size - 2, size - 1})
                yield dict(band=band, taps=taps, beta=0 if window == "hamming" else window[1], edges=edges, rate=RATE,
                           seed=seed, size=size, offset=100, b=b[:(taps + 1) // 2].tolist(), at=at, rest=rest[at].tolist(),
                           both=both[at].tolist(), largest=[float(np.abs(v).max()) for v in (rest, both)])


json.dump(dict(versions=dict(python=sys.version.split()[0], numpy=np.__version__, scipy=scipy.__version__, processor=processor()),
               slow=list(slow()), responses=list(responses()), outputs=list(outputs()), firs=list(firs())), sys.stdout, indent=None, separators=(",", ":"))
print()
