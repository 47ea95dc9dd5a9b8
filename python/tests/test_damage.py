"""Files with damage of all kinds: what can be read is read, and nothing but the package's errors comes out."""

import json
import os
import random
import unittest

import numpy as np

import scopelog
from builder import capture, crc_line, note, settings
from test_sealed import Case


class Damage(Case):
    def write(self):
        """A sealed stream of two segments, block captures, and a part of a journal."""
        for k in range(2):
            caps = [capture(100 * k, 100 * k), capture(100 * k + 50, 100 * k + 57, lost=7, exact=False, daq_scale=2.0, daq_offset=0.5)]
            g = settings(k, 100 * k, daq_sensor={"scale": 2.0, "offset": 0.0}, daq_gap_after={"cause": "usb", "lost": 3, "exact": True})
            self.f.segment(f"cell.A-{k:06d}", g, np.arange(100 * k, 100 * k + 100, dtype="<i2"), caps, [note("over_range", 100 * k + 5, 4), note("mark", 100 * k, 1, **{"core:comment": "x"})])
        caps = [capture(10 * k, 10 * k, daq_waveform=k, daq_arm=0, daq_memory_segment=k, daq_trigger_position=2, daq_trigger_offset_fs=-3, daq_dead_time_ns=4) for k in range(6)]
        g = settings(stream="cell.B", daq_mode="rapid_block", daq_waveform_samples=10, daq_captures_table={"file": "cell.B.captures.npy", "rows": 2})
        self.f.segment("cell.B", g, np.arange(60, dtype="<i2"), caps[:4])
        self.f.captures_table("cell.B", caps[4:])
        with open(self.f.file("cell.clock-000000.csv"), "w") as f:
            f.write("epoch,index,mono_ns,utc_ns,bracket_ns,suspended_ns,state,max_error_ns\n" + "0,100,5,6,7,0,synchronised,9\n" * 3)
        with open(self.f.file("events.jsonl"), "wb") as f:
            f.write(crc_line({"seq": 0, "utc": "2026-11-20T08:00:00.000000001Z", "mono_ns": 1, "kind": "mark", "count": 1}) * 3)
        self.f.run()

    def look(self, run):
        """Asks for everything; an error of the package is an answer too."""
        for s in run.values():
            for ask in (
                lambda: s.read(gaps="skip"), lambda: s.values.read(gaps="fill"), lambda: s.volts[-5:], lambda: list(s.stretches()), lambda: s.gaps, lambda: s.lost, s.annotations,
                lambda: s.overview(points=9), lambda: s.at(0.05), s.times, s.seconds, lambda: s.waveforms.volts[:3], lambda: s.waveforms.trigger_seconds, lambda: repr(s), lambda: list(s.chunks(30)),
            ):  # fmt: skip
                try:
                    ask()
                except (scopelog.ScopelogError, IndexError):
                    pass
        for d in run.devices.values():
            d.clock()
        list(run.events())
        run.refresh()

    def change(self, r, o):
        """Puts something else into a place of a JSON value."""
        keys = list(o) if isinstance(o, dict) else list(range(len(o)))
        k = r.choice(keys)
        if isinstance(o[k], (dict, list)) and o[k] and r.random() < 0.8:
            self.change(r, o[k])
        else:
            o[k] = r.choice([None, -1, 2**63, 2**32, 1.5, "x", [], {}, "", True, 10**30, 0, float("nan")])

    def test_surplus(self):
        """Bytes behind those of a sealed file are no samples."""
        for name, more in (("zeros", np.zeros(40, "<i2")), ("half a sample", np.zeros(1, "u1"))):
            with self.subTest(name):
                x = np.arange(1, 13, dtype="<i2")
                self.f.segment("cell.A-000000", settings(), x, [capture(0, 0)])
                with open(self.f.file("cell.A-000000.sigmf-data"), "ab") as f:
                    f.write(more.tobytes())
                self.f.run(segments=[{"segment": 0, "state": "sealed", "files": {"cell.A-000000.sigmf-data": {"bytes": 24, "crc32c": "0"}}}])
                run = self.open()
                np.testing.assert_array_equal(run["cell.A"].read(), x)
                self.assertEqual(run.problems, [f"cell.A-000000.sigmf-data has {more.nbytes} bytes behind those that were sealed; they are not read"])

    def test_any(self):
        self.write()
        files = sorted(n for n in os.listdir(self.dir.name) if not n.endswith("-data"))
        for seed in range(150):
            r = random.Random(seed)
            name = r.choice([*files, *(n for n in files if n.endswith("-meta"))])
            path = self.f.file(name)
            with open(path, "rb") as f:
                good = f.read()
            bad = bytearray(good)
            how = r.choice(["bytes", "cut", "hole", "value"]) if name.endswith("-meta") else r.choice(["bytes", "cut", "hole"])
            if how == "bytes":
                for _ in range(r.randrange(1, 4)):
                    bad[r.randrange(len(bad))] = r.randrange(256)
            elif how == "cut":
                del bad[r.randrange(len(bad)) :]
            elif how == "hole":
                at = r.randrange(len(bad))
                del bad[at : at + r.randrange(1, 30)]
            else:
                meta = json.loads(good)
                self.change(r, meta)
                bad = json.dumps(meta).encode()
            with open(path, "wb") as f:
                f.write(bad)
            for damaged in (False, True):
                with self.subTest(seed=seed, name=name, how=how, damaged=damaged):
                    try:
                        self.look(self.open(damaged=damaged))
                    except scopelog.ScopelogError:
                        pass
            with open(path, "wb") as f:
                f.write(good)

    def test_clock_and_events(self):
        """Lines that are damaged are left out."""
        self.write()
        for name, count in (("cell.clock-000000.csv", lambda run: len(run.devices["cell"].clock())), ("events.jsonl", lambda run: len(list(run.events())))):
            with self.subTest(name):
                self.assertEqual(count(self.open()), 3)
                with open(self.f.file(name), "r+b") as f:
                    f.seek(-20, os.SEEK_END)
                    f.write(b"\xc4\xff")
                self.assertEqual(count(self.open()), 2)
                os.truncate(self.f.file(name), os.path.getsize(self.f.file(name)) - 12)
                self.assertEqual(count(self.open()), 2)


if __name__ == "__main__":
    unittest.main()
