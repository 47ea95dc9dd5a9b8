"""Metadata files: the settings are read at once, what may be long when it is asked for."""

import json
import os
import random
import unittest
from fractions import Fraction

import numpy as np

import scopelog
from builder import BEGAN, capture, note, settings, utc
from scopelog import _capture
from scopelog._times import nanoseconds, nanoseconds_of, utc_ns, utc_ns_of
from test_sealed import Case


class Columns(unittest.TestCase):
    """What is computed for many at once is what is computed for each."""

    def test_captures(self):
        r = random.Random(3)
        for keys in ([], ["gap"], ["scale"], ["range"], ["waveform"], ["gap", "scale", "range", "waveform", "unknown"]):
            found = []
            for k in range(50):
                c = capture(10 * k, 2**62 + 11 * k, BEGAN + r.randrange(10**15), epoch=k % 3)
                if "gap" in keys and r.random() < 0.7:
                    cause = r.choice(["usb", "inferred", "not_kept", "sunspots"])
                    c.update(capture(10 * k, 11 * k, lost=r.randrange(2**40), cause=cause, exact=r.random() < 0.5))
                    if r.random() < 0.5:
                        c["daq:gap"].update({"from": utc(BEGAN + k), "to": "2026-11-20T08:00:00Z", "position_min": k, "position_max": 2 * k})
                if "scale" in keys and r.random() < 0.5:
                    c.update({"daq:scale": r.random(), **({"daq:offset": -1.5} if r.random() < 0.8 else {})})
                if "range" in keys and r.random() < 0.5:
                    c["daq:range"] = [-1.0, r.random()]
                if "waveform" in keys and r.random() < 0.8:
                    c.update({"daq:waveform": k, "daq:arm": 1, "daq:memory_segment": k, "daq:trigger_position": 5, "daq:trigger_offset_fs": -7, "daq:dead_time_ns": 9})
                found.append(c)
            for part in (found, found[:1], []):
                np.testing.assert_array_equal(_capture.captures_of(part), _capture.captures([_capture.capture_row(c) for c in part]))

    def test_broken_captures(self):
        good = [capture(k, k, lost=1) for k in range(40)]
        for name, bad in (("no index", {"core:global_index": None}), ("a text", {"core:sample_start": "x"}), ("an arming before the first", {"daq:arm": -1}), ("a late epoch", {"daq:epoch": 2**32}), ("too large", {"core:global_index": 2**63}), ("no time", {"core:datetime": "soon"}),
                          ("a day that is none", {"core:datetime": "2026-02-30T08:00:00.000000000Z"}), ("no gap", {"daq:gap": [1]}), ("half a range", {"daq:range": [1]}), ("a list of captures", None)):  # fmt: skip
            for before in (good, good[:3]):
                with self.subTest(name, before=len(before)), self.assertRaises(scopelog._meta.BROKEN):
                    _capture.captures_of([*before, [] if bad is None else {**good[0], **bad}])

    def test_times(self):
        r = random.Random(4)
        texts = [utc(r.randrange(4 * 10**18)) for _ in range(100)]
        for some in (texts, [*texts, "2026-11-20T09:00+01:00"], texts[:1], []):
            self.assertEqual(utc_ns_of(some).tolist(), [utc_ns(t) for t in some])
        for bad in ("2026-11-20T08:00:00.00412+000Z", "2026-11-20T08:00:00.00000000\u0661Z", "2026-02-30T08:00:00.000000000Z"):
            with self.assertRaises(ValueError):
                utc_ns_of([*texts, bad])
        self.assertEqual(utc_ns_of(texts).tolist(), [int(np.datetime64(t[:-1], "ns").astype(np.int64)) for t in texts])

    def test_intervals(self):
        for interval in (Fraction(1, 1000), Fraction(1, 3), Fraction(1, 3 * 10**9), Fraction(7, 1_000_003), Fraction(2**40 + 1, 2**61 - 1), Fraction(10**6)):
            n = np.array([0, 1, 2, 3, 999_999, 10**9 + 7, 10**12], np.int64)
            n = n[n * float(interval) < 9e9]
            self.assertEqual(nanoseconds_of(n, interval).tolist(), [nanoseconds(k, interval) for k in n.tolist()], interval)


class Lazy(Case):
    def write(self, base="cell.A", count=400, text=None, **more):
        caps = [capture(10 * k, 12 * k, BEGAN + 12 * k * 10**6, lost=2 if k else None) for k in range(count)]
        self.f.segment(base, settings(stream=base, **more), np.arange(10 * count, dtype="<i2"), caps, [note("damaged", 55, 5), note("mark", 60, 1)])
        path = self.f.file(base + ".sigmf-meta")
        self.assertGreater(os.path.getsize(path), 1 << 15)
        with open(path) as f:
            whole = f.read()
        text = whole if text is None else text(whole)
        with open(path, "w") as f:
            f.write(text)
        self.f.run()

    def test_forms(self):
        """However the text is written, the same is found."""
        for name, text in (
            ("as it is", None), ("compact", lambda t: json.dumps(json.loads(t), separators=(",", ":")) + "\n"), ("indented", lambda t: json.dumps(json.loads(t), indent=1)),
            ("global behind the captures", lambda t: json.dumps(dict(sorted(json.loads(t).items())))), ("a long label", lambda t: t.replace('"daq:unit"', '"daq:label": "' + "x" * 40_000 + '", "daq:unit"', 1)),
        ):  # fmt: skip
            with self.subTest(name):
                self.write(text=text)
                run = self.open()
                a = run["cell.A"]
                self.assertEqual((run.problems, a.interval, len(a), len(a.gaps), a.lost, a.index(3999)), ([], Fraction(1, 1000), 4000, 399, 798, 4797))
                self.assertIn("399 gaps", repr(a))
                with self.assertRaisesRegex(scopelog.DamagedError, "55 to 60 are damaged"):
                    a.read(gaps="skip")

    def test_broken(self):
        """A meta that is cut is told at once, one that is damaged inside when its samples are asked for; other streams are there."""
        for name, text, problem in (("cut", lambda t: t[: len(t) // 2], "cell.A.sigmf-meta cannot be read"), ("damaged", lambda t: t.replace('"core:sample_start": 2000', '"core:sample_start": 2o00'), None)):
            with self.subTest(name):
                self.write("cell.B", count=900)
                self.write(text=text)
                run = self.open()
                self.assertEqual(len(run["cell.B"].read(0, 10)), 10)
                if problem:
                    self.assertIn(problem, run.problems[0])
                    self.assertEqual(list(run), ["cell.B"])
                    continue
                with self.assertRaisesRegex(scopelog.FormatError, "cell.A.sigmf-meta cannot be read.*logger repair"):
                    run["cell.A"][:10]
                self.assertEqual(len(self.open(damaged=True)["cell.A"].read(gaps="skip")), 0)

    def test_changed_since(self):
        """What has become of a sealed run since it was opened is told, and refresh() finds it."""
        self.write()
        run = self.open()
        a = run["cell.A"]
        path = self.f.file("cell.A.sigmf-meta")
        with open(path) as f:
            text = f.read()
        with open(path, "w") as f:
            f.write(text.replace('"mark"', '"power"'))
        for _ in range(2):
            with self.assertRaisesRegex(scopelog.GoneError, r"call refresh\(\)"):
                a.annotations()
        self.assertEqual([n.label for n in run.refresh()["cell.A"].annotations()], ["damaged", "power"])
        a = self.open()["cell.A"]
        os.remove(path)
        with self.assertRaisesRegex(scopelog.GoneError, r"call refresh\(\)"):
            a[:]

    def test_recording(self):
        """While it records a rule may remove a segment at any time: what was opened stays known, and its samples are gone."""
        for k in range(2):
            caps = [capture(4000 * k + 10 * i, 4000 * k + 10 * i) for i in range(400)]
            self.f.segment(f"cell.A-{k:06d}", settings(k, 4000 * k), np.arange(4000 * k, 4000 * k + 4000, dtype="<i2"), caps)
        self.f.run("recording")
        a = self.open()["cell.A"]
        for ending in (".sigmf-meta", ".sigmf-data"):
            os.remove(self.f.file("cell.A-000000" + ending))
        self.assertEqual(a[4000:4002].tolist(), [4000, 4001])
        with self.assertRaisesRegex(scopelog.GoneError, "rule of the plan"):
            a[0]

    def test_unknown_type(self):
        """A stream of a type that a later version knows does not hide the others."""
        self.write()
        self.f.segment("cell.Z", settings(stream="cell.Z", **{"core_datatype": "cf64_le"}), [1.0], [capture(0, 0)])
        run = self.open()
        self.assertEqual(list(run), ["cell.A"])
        self.assertIn("cf64_le", run.problems[0])


if __name__ == "__main__":
    unittest.main()
