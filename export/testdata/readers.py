"""Opens exported files with readers of other people, for the tests of package export.

usage: readers.py READER FILE FOLDER

Every array that a reader finds goes to FOLDER as NAME.f8 (little-endian doubles, in C order); standard output is one JSON object: its "shapes" by
NAME, and what else the reader tells.
"""
import json
import math
import os
import subprocess
import sys
import tempfile
import zipfile


def f32(path):
    import numpy as np
    return {"x": np.fromfile(path, "<f4")}, {}


def npy(path):
    import numpy as np
    x = np.load(path, mmap_mode="r")
    return {"x": x}, {"dtype": str(x.dtype)}


def csv(path):
    """A table as the documentation says: a line of names, one of units, an empty one; a structured array's columns by their place."""
    import numpy as np
    with open(path, encoding="utf-8") as f:
        names, units = f.readline().rstrip("\n").split(","), f.readline().rstrip("\n").split(",")
    x = np.genfromtxt(path, delimiter=",", skip_header=3)
    return {"c%d" % i: x[:, i] for i in range(x.shape[1])}, {"names": names, "units": units}


def wav_scipy(path):
    import warnings
    warnings.simplefilter("error")
    from scipy.io import wavfile
    rate, x = wavfile.read(path)
    x = x.reshape(len(x), -1)
    return {"c%d" % i: x[:, i] for i in range(x.shape[1])}, {"rate": rate, "dtype": str(x.dtype)}


def wav_soundfile(path):
    import soundfile
    info = soundfile.info(path)
    kind = {"FLOAT": "float32", "DOUBLE": "float64", "PCM_16": "int16", "PCM_32": "int32"}[info.subtype]
    with soundfile.SoundFile(path) as f:
        comment = f.comment
    x, rate = soundfile.read(path, dtype=kind, always_2d=True)
    meta = {"rate": rate, "format": info.format, "subtype": info.subtype, "comment": comment, "frames": info.frames}
    return {"c%d" % i: x[:, i] for i in range(x.shape[1])}, meta


def wav_last(path):
    """Only the last frame: of files that are large."""
    import soundfile
    with soundfile.SoundFile(path) as f:
        frames = f.frames
        f.seek(frames - 1)
        return {"last": f.read(1, dtype="float32")}, {"format": f.format, "frames": frames, "rate": f.samplerate}


def wav_sox(path):
    import numpy as np
    tell = lambda flag: int(subprocess.run(["soxi", flag, path], check=True, capture_output=True, text=True).stdout)
    channels, bits = tell("-c"), tell("-p")
    kind, form = ("<i2", ["-e", "signed", "-b", "16"]) if bits == 16 else ("<f4", ["-e", "float", "-b", "32"])
    raw = subprocess.run(["sox", "-D", path, "-t", "raw", *form, "-L", "-"], check=True, capture_output=True).stdout
    x = np.frombuffer(raw, kind).reshape(-1, channels)
    return {"c%d" % i: x[:, i] for i in range(channels)}, {"rate": tell("-r"), "frames": tell("-s")}


def mat(path):
    import numpy as np
    from scipy.io import loadmat
    found = {k: v for k, v in loadmat(path).items() if not k.startswith("__")}
    arrays = {k: v for k, v in found.items() if v.dtype.kind != "U"}
    meta = {k: str(v[0]) for k, v in found.items() if v.dtype.kind == "U"}
    meta["dtypes"] = {k: str(v.dtype) for k, v in arrays.items()}
    return arrays, meta


def hdf5(path):
    import h5py
    with h5py.File(path, "r") as f:
        arrays, meta = {}, {"dtypes": {}, "attributes": {}}
        for name, d in f.items():
            arrays[name] = d[-1:] if d.size > 1 << 24 else d[...]
            meta["dtypes"][name] = str(d.dtype)
            plain = lambda v: v.decode() if isinstance(v, bytes) else v.item()
            meta["attributes"][name] = {k: plain(v) for k, v in d.attrs.items()}
            meta["attributes"][name]["length"] = d.shape[0]
        meta["attributes"]["/"] = {k: v.decode() for k, v in f.attrs.items()}
    return arrays, meta


def sigrok(path, options):
    """Pins from the binary output, analog streams from a session that sigrok writes of what it has read."""
    import numpy as np
    show = subprocess.run(["sigrok-cli", *options, "-i", path, "--show"], check=True, capture_output=True, text=True).stdout
    meta, names = {"logic": [], "analog": []}, {}
    for line in show.splitlines():
        key, _, value = line.partition(": ")
        if key.startswith("- "):
            meta[value].append(key[2:])
        else:
            names[key] = value
    meta["rate"] = int(names["Samplerate"])
    arrays, count = {}, int(names.get("Logic sample count", 0))
    if meta["logic"]:
        raw = subprocess.run(["sigrok-cli", *options, "-i", path, "-O", "binary"], check=True, capture_output=True).stdout
        if raw.startswith(b"META samplerate"):
            raw = raw[raw.index(b"\n") + 1:]
        unit = (len(meta["logic"]) + 7) // 8
        x = np.frombuffer(raw[:count * unit], "u1").reshape(-1, unit)  # behind them stand analog values in words
        for i, name in enumerate(meta["logic"]):
            arrays[name] = x[:, i // 8] >> (i % 8) & 1
    if meta["analog"]:
        with tempfile.TemporaryDirectory() as d:  # sigrok writes what it has read; its output for WAV files breaks down at two channels
            again = os.path.join(d, "x.sr")
            subprocess.run(["sigrok-cli", *options, "-i", path, "-O", "srzip", "-o", again], check=True, capture_output=True)
            with zipfile.ZipFile(again) as z:
                for i, name in enumerate(meta["analog"]):
                    base = "analog-1-%d-" % (len(meta["logic"]) + i + 1)
                    chunks = sorted((n for n in z.namelist() if n.startswith(base)), key=lambda n: int(n[len(base):]))
                    arrays[name] = np.frombuffer(b"".join(z.read(n) for n in chunks), "<f4")
    return arrays, meta


def vcd_reals(path):
    """Reals of a value change dump as (time, value) pairs, from the rules of IEEE 1364 alone."""
    text = iter(open(path).read().split())
    names, changes, at, meta = {}, {}, 0, {}
    for word in text:
        if word == "$var":
            kind, size, ident, name = next(text), int(next(text)), next(text), next(text)
            assert next(text) == "$end" and size == (64 if kind == "real" else 1)
            names[ident] = name
            changes[name] = []
        elif word == "$timescale":
            scale = next(text)
            while (more := next(text)) != "$end":
                scale += " " + more
            meta["timescale"] = scale
        elif word == "$dumpvars":
            while (word := next(text)) != "$end":
                if word[0] == "r":
                    changes[names[next(text)]].append((at, float(word[1:])))
                else:
                    changes[names[word[1:]]].append((at, {"0": 0, "1": 1}.get(word[0], math.nan)))
        elif word[0] == "$":
            while next(text) != "$end":
                pass
        elif word[0] == "#":
            assert int(word[1:]) >= at
            at = int(word[1:])
        elif word[0] == "r":
            changes[names[next(text)]].append((at, float(word[1:])))
        else:
            changes[names[word[1:]]].append((at, {"0": 0, "1": 1}.get(word[0], math.nan)))
    meta["end"] = at
    import numpy as np
    return {k: np.array(v) for k, v in changes.items()}, meta


def vcd_fst(path):
    """What GTKWave's own reader understood: it makes a file of its binary format, and of that one text again, which is left to the reader above."""
    with tempfile.TemporaryDirectory() as d:
        fst, again = os.path.join(d, "x.fst"), os.path.join(d, "x.vcd")
        subprocess.run(["vcd2fst", path, fst], check=True, capture_output=True)
        subprocess.run(["fst2vcd", "-f", fst, "-o", again], check=True, capture_output=True)
        return vcd_reals(again)


READERS = {
    "f32": f32, "npy": npy, "csv": csv, "wav-scipy": wav_scipy, "wav-soundfile": wav_soundfile, "wav-last": wav_last, "wav-sox": wav_sox, "mat": mat, "hdf5": hdf5,
    "sr": lambda path: sigrok(path, []), "vcd": lambda path: sigrok(path, ["-I", "vcd"]), "vcd-reals": vcd_reals,
    "vcd-fst": vcd_fst,
}


def main():
    import numpy as np
    reader, path, folder = sys.argv[1:]
    arrays, meta = READERS[reader](path)
    meta["shapes"] = {k: list(v.shape) for k, v in arrays.items()}
    for name, x in arrays.items():
        np.ascontiguousarray(x, dtype="<f8").tofile("%s/%s.f8" % (folder, name))
    json.dump(meta, sys.stdout)


main()
