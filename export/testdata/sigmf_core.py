"""A reader of SigMF recordings that knows the core namespace of version 1.2 and nothing else, for the tests of package export.

usage: sigmf_core.py BASE FOLDER

Reads BASE.sigmf-meta and BASE.sigmf-data, writes FOLDER/samples.f8 and FOLDER/index.f8 (the global index of each sample), and prints what it saw.
"""
import json
import re
import sys

import numpy as np


def item(datatype):
    kind, form, bits, order = re.fullmatch(r"([cr])([fiu])(8|16|32|64)(?:_([lb])e)?", datatype).groups()
    assert kind == "r" and (bits == "8") == (order is None)
    return np.dtype({None: "|", "l": "<", "b": ">"}[order] + form + str(int(bits) // 8))


def main():
    base, folder = sys.argv[1:]
    with open(base + ".sigmf-meta", encoding="utf-8") as f:
        meta = json.load(f)
    g = meta["global"]
    for extension in g.get("core:extensions", []):
        assert extension["optional"], "cannot read without extension " + extension["name"]
    data = np.fromfile(base + ".sigmf-data", item(g["core:datatype"])).reshape(-1, g.get("core:num_channels", 1))[:, 0]
    first = g.get("core:offset", 0)
    captures = meta["captures"] or [{"core:sample_start": first}]
    index = np.empty(len(data))
    for c, n in zip(captures, captures[1:] + [{"core:sample_start": first + len(data)}]):
        start, end = c["core:sample_start"] - first, n["core:sample_start"] - first
        assert 0 <= start <= end <= len(data)
        index[start:end] = c.get("core:global_index", c["core:sample_start"]) + np.arange(end - start)
    data.astype("<f8").tofile(folder + "/samples.f8")
    index.astype("<f8").tofile(folder + "/index.f8")
    json.dump({"rate": g.get("core:sample_rate"), "offset": first, "captures": len(captures)}, sys.stdout)


main()
