"""Sealed recordings: places, scales, gaps, tables, what was removed, what is damaged."""

import datetime
import json
import os
import pickle
import tempfile
import unittest
from fractions import Fraction

import numpy as np

import scopelog
from builder import BEGAN, Folder, capture, note, settings


class Case(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)
        self.f = Folder(self.dir.name)

    def open(self, **more):
        return scopelog.open(self.dir.name, **more)


class Reading(Case):
    def test_types(self):
        for dtype, x in (("<i2", [-32768, 5, 32767]), ("|i1", [-128, 5, 127]), ("|u1", [0, 5, 255]), ("<i4", [-(2**31), 5, 2**31 - 1]), ("<f4", [1.5, np.nan, -np.inf])):
            with self.subTest(dtype):
                self.f.segment("cell.A", settings(dtype=dtype), np.array(x, dtype), [capture(0, 0)])
                a = self.open()["cell.A"]
                np.testing.assert_array_equal(a[:], np.array(x, dtype))
                self.assertEqual(a[:].dtype, np.dtype(dtype))
                np.testing.assert_array_equal(a.values[:], np.array(x, dtype) * 0.5 + 1.0)
                self.assertEqual(a.values[1:2].dtype, np.float64)

    def test_volts_and_ranges(self):
        """Captures may have a scale of their own; volts are before the sensor, values behind it."""
        g = settings(daq_unit="A", daq_sensor={"scale": 10.0, "offset": -2.0}, daq_volts_per_count=0.05)
        self.f.segment("cell.A", g, np.array([10, 20, 30, 40], "<i2"), [capture(0, 0), capture(2, 2, daq_scale=5.0, daq_offset=-2.0)])
        a = self.open()["cell.A"]
        np.testing.assert_allclose(a.values[:], [6, 11, 148, 198])
        np.testing.assert_allclose(a.volts[:], [0.8, 1.3, 15, 20])
        np.testing.assert_allclose(a.volts.read(step=3), [0.8, 20])
        self.assertEqual([(s.start, s.stop) for s in a.stretches()], [(0, 4)])
        o = a.overview(points=4)
        np.testing.assert_allclose((o.minimum, o.maximum), [[6, 11, 148, 198]] * 2)

    def test_without_volts(self):
        self.f.segment("cell.A", settings(daq_unit="1"), np.arange(3, dtype="<i2"), [capture(0, 0)])
        self.f.segment("cell.B", settings(stream="cell.B", daq_equation="v * v", daq_unit="W"), np.arange(3, dtype="<i2"), [capture(0, 0)])
        self.f.segment("cell.C", settings(stream="cell.C", daq_equation="file(v)"), np.arange(3, dtype="<i2"), [capture(0, 0)])
        self.f.segment("cell.D", settings(stream="cell.D", daq_sensor={"scale": 0}), np.arange(3, dtype="<i2"), [capture(0, 0)])
        run = self.open()
        with self.assertRaisesRegex(scopelog.ScopelogError, "no volts"):
            run["cell.A"].volts
        with self.assertRaisesRegex(scopelog.EquationError, "v \\* v.*no volts"):
            run["cell.B"].values
        with self.assertRaisesRegex(scopelog.EquationError, "no function file"):
            run["cell.C"].values
        with self.assertRaisesRegex(scopelog.FormatError, "sensor is 0"):
            run["cell.D"].volts[:]

    def test_wrong_use(self):
        self.f.segment("cell.A", settings(), np.arange(10, dtype="<i2"), [capture(0, 0)])
        a = self.open()["cell.A"]
        for name, f, error, text in (
            ("behind the end", lambda: a[10], IndexError, "from 0 to 9"),
            ("before the start", lambda: a[-11], IndexError, "there is no sample -1"),
            ("a list", lambda: a[[1, 2]], TypeError, r"\[1, 2\] is neither a sample nor a slice"),
            ("a mask", lambda: a[a[:] > 3], TypeError, r"an array of bool is neither.*x\[mask\]"),
            ("a truth", lambda: a[True], TypeError, "True is neither"),
            ("two places", lambda: a[1, 2], TypeError, "neither"),
            ("a broken step", lambda: a[::1.5], TypeError, "1.5 is no step"),
            ("no step", lambda: a[::0], ValueError, "step of 0"),
            ("a float", lambda: a[1.0], TypeError, "neither"),
            ("an array in a slice", lambda: a[np.arange(3) :], TypeError, "no sample and no moment"),
            ("seconds in a slice", lambda: a[0.5:], TypeError, r"stream.at\(0.5\)"),
            ("backwards", lambda: a[::-1], ValueError, "forwards"),
            ("a word for gaps", lambda: a.read(gaps="ignore"), ValueError, "refuse, fill, skip"),
            ("a moment without a zone", lambda: a.at("2026-11-20T08:00:00"), ValueError, "no time zone"),
            ("a datetime without a zone", lambda: a.at(datetime.datetime(2026, 1, 1)), ValueError, "no time zone"),
            ("no moment", lambda: a.at("yesterday"), ValueError, "no moment"),
            ("waveforms of a stream", lambda: a.waveforms, scopelog.ScopelogError, "without waveforms"),
            ("pins of a channel", lambda: a.pin("D0"), scopelog.ScopelogError, "no digital port"),
            ("no stream", lambda: self.open()["cell.B"], KeyError, "it has cell.A"),
            ("chunks of nothing", lambda: next(a.chunks(0)), ValueError, "not possible"),
        ):
            with self.subTest(name), self.assertRaisesRegex(error, text):
                f()
        x = np.arange(10)
        self.assertEqual((a[-1], a[np.int64(4)], a[np.array(4)], a.shape, a.ndim, a.counts.size), (9, 4, 4, (10,), 1, 10))
        for s in (slice(3, 100), slice(8, 3), slice(100, 200), slice(-3, None), slice(None, -3), slice(-100, 5), slice(-100, -50), slice(5, 5), slice(None, None, 3), slice(-7, -1, 4), slice(0, 1 << 70)):
            np.testing.assert_array_equal(a[s], x[s], str(s))
        with self.assertRaisesRegex(ValueError, "copy=False"):
            a.__array__(copy=False)
        self.assertEqual(np.asarray(a, np.float32).dtype, np.float32)
        np.testing.assert_array_equal(np.asarray(a), np.arange(10))
        self.assertEqual(sum(a), 45)

    def test_other_processes(self):
        """What was opened can be sent to another process, which reads for itself."""
        self.f.segment("cell.A", settings(daq_equation="2 * v"), np.arange(10, dtype="<i2"), [capture(0, 0), capture(5, 8, lost=3)])
        self.f.segment("cell.D0-7", settings(dtype="u1", stream="cell.D0-7"), np.arange(10, dtype="u1"), [capture(0, 0)])
        with self.open() as run:
            a = run["cell.A"]
            whole = a.values.read(gaps="skip")
        again = pickle.loads(pickle.dumps(run))
        self.assertEqual(again["cell.A"].values.read(gaps="skip").tolist(), whole.tolist())
        self.assertEqual((again.refresh().state, again.devices["cell"]["A"].lost), (run.state, 3))
        for view, want in ((a, np.arange(5)), (a.values, whole[:5]), (a.volts, whole[:5] / 2), (run["cell.D0-7"].pin(0), np.arange(5) % 2 == 1)):
            np.testing.assert_array_equal(pickle.loads(pickle.dumps(view))[:5], want)
        self.assertLess(len(pickle.dumps(a)), 10_000)

    def test_empty(self):
        for name, write in (("empty file", lambda: self.f.data("cell.A", [])), ("no file", lambda: os.remove(self.f.file("cell.A.sigmf-data")))):
            with self.subTest(name):
                self.f.meta("cell.A", settings(), [])
                write()
                a = self.open()["cell.A"]
                self.assertEqual((len(a), a[:].tolist(), list(a.stretches()), a.gaps, len(a.overview()), a.at(1)), (0, [], [], [], 0, 0))

    def test_pins(self):
        x = np.array([0, 1, 128, 129], "u1")
        self.f.segment("cell.D8-15", settings(dtype="u1", stream="cell.D8-15", daq_channel="D8-15"), x, [capture(0, 0)])
        d = self.open()["cell.D8-15"]
        self.assertEqual(d.pin("D15")[:].tolist(), [False, False, True, True])
        self.assertEqual(d.pin(np.uint8(7))[:].tolist(), [False, False, True, True])
        self.assertEqual(d.pin(0)[1:].tolist(), [True, False, True])
        for pin in ("D7", "D16", 8, -1, "clk"):
            with self.subTest(pin), self.assertRaisesRegex(ValueError, "D8 to D15"):
                d.pin(pin)
        self.assertEqual((list(d.pins), set(d.pins.values())), ([f"D{n}" for n in range(8, 16)], {""}))
        with self.assertRaisesRegex(KeyError, r"that is a pin: write run\['cell.D8-15'\].pin\('D9'\)"):
            self.open()["cell.D9"]

    def test_pin_labels(self):
        """Pins have the labels of the resolved plan, if there is one that can be read."""
        self.f.segment("cell.D0-7", settings(dtype="u1", stream="cell.D0-7", daq_channel="D0-7"), np.array([0, 1, 2, 3], "u1"), [capture(0, 0)])
        plan = {"devices": [{"name": "cell", "digital": [{"name": "D0-7", "labels": {"D0": "clock", "D1": "data", "D2": "twice", "D3": "twice", "D4": "D5"}}]}, {"name": "bus"}]}
        with open(self.f.file("plan.resolved.json"), "w") as f:
            json.dump(plan, f)
        run = self.open()
        d = run["cell.D0-7"]
        self.assertEqual(list(d.pins.items())[:3], [("D0", "clock"), ("D1", "data"), ("D2", "twice")])
        self.assertEqual(d.pin("data")[:].tolist(), [False, False, True, True])
        self.assertEqual((d.pin("clock")[:] == d.pin("D0")[:]).all(), True)
        self.assertEqual(d.pin("D5")[:].tolist(), [False] * 4)
        for pin, text in (("twice", "several are called so, of D0 to D7"), ("clk", "it has D0 to D7, clock, data"), ("", "D0 to D7")):
            with self.subTest(pin), self.assertRaisesRegex(ValueError, text):
                d.pin(pin)
        with self.assertRaisesRegex(KeyError, r"write run\['cell.D0-7'\].pin\('clock'\)"):
            run["cell.clock"]
        for text in ("", "[]", "{", '{"devices": 3}', '{"devices": [{"name": "cell", "digital": [{"name": "D0-7", "labels": [1]}]}]}'):
            with self.subTest(text):
                with open(self.f.file("plan.resolved.json"), "w") as f:
                    f.write(text)
                self.assertEqual(set(self.open()["cell.D0-7"].pins.values()), {""})


class Times(Case):
    def test_large_indexes(self):
        """Indexes near 2^63 stay exact."""
        big = 2**63 - 1 - 2**30
        offset = 2**60 + 1
        self.f.segment("cell.A-000001", settings(1, offset, den=10**9), np.arange(4, dtype="<i2"), [capture(offset, big, BEGAN)])
        self.f.run(dropped={"segments": 1, "through": 0})
        a = self.open()["cell.A"]
        self.assertEqual((a.start, a.stop, len(a)), (offset, offset + 4, 4))
        self.assertEqual((a.index(offset + 3), a.position(big + 3), a.at(Fraction(big + 2, 10**9))), (big + 3, offset + 3, offset + 2))
        self.assertEqual(a[offset + 1 : offset + 3].tolist(), [1, 2])
        self.assertEqual(a.time(offset + 3), np.datetime64(BEGAN + 3, "ns"))
        self.assertEqual(a.times()[-1], a.time(offset + 3))
        with self.assertRaisesRegex(scopelog.GoneError, "not there any more"):
            a[5]
        with self.assertRaisesRegex(scopelog.GoneError, f"{offset:,}"):
            a[0:5]

    def test_at(self):
        second = 10**9
        caps = [capture(0, 0, BEGAN), capture(1000, 1500, BEGAN + 1_500_000_000, lost=500)]
        self.f.segment("cell.A", settings(), np.zeros(2000, "<i2"), caps)
        a = self.open()["cell.A"]
        moment = np.datetime64(BEGAN, "ns")
        for name, when, want in (
            ("start", 0, 0), ("before", -5, 0), ("whole", 1, 1000), ("float", 0.1, 100), ("float that is not exact", 0.3, 300), ("between samples", 0.3001, 301),
            ("in the gap", 1.2, 1000), ("behind the gap", 1.6, 1100), ("end", 2.5, 2000), ("far", 1e9, 2000), ("fraction", Fraction(1, 3), 334),
            ("timedelta", datetime.timedelta(milliseconds=250), 250), ("datetime64", moment + np.timedelta64(5, "ms"), 5),
            ("one nanosecond later", moment + np.timedelta64(5_000_001, "ns"), 6), ("in the gap by UTC", moment + np.timedelta64(1200, "ms"), 1000),
            ("before by UTC", moment - np.timedelta64(1, "h"), 0), ("behind by UTC", moment + np.timedelta64(1, "h"), 2000),
            ("text", str(moment + np.timedelta64(5, "ms")) + "Z", 5),
            ("datetime", datetime.datetime.fromtimestamp(BEGAN // second, datetime.timezone(datetime.timedelta(hours=5))) + datetime.timedelta(milliseconds=1510), 1010),
        ):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(a.at(when), want)
        np.testing.assert_array_equal(a.times(998, 1002), [a.time(i) for i in range(998, 1002)])
        np.testing.assert_allclose(a.seconds(998, 1002), [0.998, 0.999, 1.5, 1.501])
        self.assertEqual(len(a[str(moment) + "Z" : moment + np.timedelta64(1, "s")]), 1000)

    def test_thirds_of_a_nanosecond(self):
        """times() rounds down as time() does, where the interval is no whole number of nanoseconds too."""
        for num, den, index in ((1, 3 * 10**9, 0), (1, 3, 0), (7, 1_000_003, 0), (1, 65_536, 2**40), (10**9 + 7, 999_999_937, 0)):
            with self.subTest(num=num, den=den):
                self.f.segment("cell.A", settings(num=num, den=den), np.zeros(2000, "<i2"), [capture(0, index), capture(1000, index + 1300, BEGAN + 7, lost=300)])
                a = self.open()["cell.A"]
                self.assertEqual(a.times().tolist(), [a.time(i).item() for i in range(2000)])
                self.assertEqual(a.times(5, 1999, step=7).tolist(), [a.time(i).item() for i in range(5, 1999, 7)])

    def test_zones(self):
        from scopelog._times import utc_ns

        want = utc_ns("2026-11-20T08:00:00.250000001Z")
        for text in ("2026-11-20T09:00:00.250000001+01:00", "2026-11-20 02:30:00.250000001-0530"):
            self.assertEqual(utc_ns(text), want, text)

    def test_interval_changes(self):
        self.f.segment("cell.A", settings(), np.arange(10, dtype="<i2"), [capture(0, 0, BEGAN)])
        self.f.segment("cell.A-000001", settings(1, 10, den=100), np.arange(10, 20, dtype="<i2"), [capture(10, 1, BEGAN + 10**7)])
        a = self.open()["cell.A"]
        self.assertEqual([(s.start, s.stop, s.index, s.interval) for s in a.stretches()], [(0, 10, 0, Fraction(1, 1000)), (10, 20, 1, Fraction(1, 100))])
        self.assertEqual((a.at(0.005), a.at(0.02), a.at(0.011), a.position(3)), (5, 11, 11, 12))
        np.testing.assert_allclose(a.seconds(8, 12), [0.008, 0.009, 0.01, 0.02])
        self.assertEqual(a.times()[11] - a.times()[10], np.timedelta64(10, "ms"))
        with self.assertRaisesRegex(scopelog.GapError, "interval changes"):
            a[:]
        with self.assertRaisesRegex(scopelog.GapError, "no number of samples"):
            a.read(gaps="fill")
        self.assertEqual(a.read(gaps="skip").tolist(), list(range(20)))
        with self.assertRaisesRegex(scopelog.ScopelogError, "interval changes"):
            a.overview()


class Missing(Case):
    def two(self, first=10, **more):
        self.f.segment("cell.A-000000", settings(0, 0), np.arange(first, dtype="<i2"), [capture(0, 0)])
        self.f.segment("cell.A-000001", settings(1, 10), np.arange(10, 20, dtype="<i2"), [capture(10, 10)], **more)

    def test_short_file(self):
        self.two(first=7)
        self.f.run()
        run = self.open()
        a = run["cell.A"]
        self.assertEqual(len(a), 17)
        self.assertIn("3 samples were recorded", run.problems[0])
        self.assertEqual((a[:7].tolist(), a[10:12].tolist()), (list(range(7)), [10, 11]))
        for name, f in (("across", lambda: a[5:12]), ("at", lambda: a[8]), ("skip", lambda: a.read(gaps="skip")), ("overview", lambda: a.overview())):
            with self.subTest(name), self.assertRaises(scopelog.MissingError):
                f()
        a = self.open(damaged=True)["cell.A"]
        self.assertEqual(len(a.read(gaps="skip")), 17)
        with self.assertRaises(scopelog.GapError):
            a[:]
        self.assertEqual(np.isnan(a.values.read(gaps="fill")).sum(), 3)

    def test_short_last_file(self):
        self.two()
        self.f.run(segments=[{"segment": 1, "state": "sealed", "files": {"cell.A-000001.sigmf-data": {"bytes": 24, "crc32c": "0"}}}])
        run = self.open()
        self.assertIn("2 samples", run.problems[0])
        self.assertEqual(run["cell.A"][15:20].tolist(), [15, 16, 17, 18, 19])
        with self.assertRaises(scopelog.MissingError):
            run["cell.A"][:]

    def test_segment_gone(self):
        self.two()
        os.remove(self.f.file("cell.A-000000.sigmf-data"))
        with self.assertRaises(scopelog.MissingError):
            self.open()["cell.A"][0:20]

    def test_removed_after_opening(self):
        self.two()
        a = self.open()["cell.A"]
        os.remove(self.f.file("cell.A-000000.sigmf-data"))
        for step in (1, 2):
            with self.assertRaisesRegex(scopelog.GoneError, "refresh"):
                a[0:5:step]

    def test_not_kept(self):
        """What a rule of the plan removed is a gap of that cause."""
        self.f.segment("cell.A-000000", settings(0, 0), np.arange(10, dtype="<i2"), [capture(0, 0)])
        self.f.segment("cell.A-000003", settings(3, 40), np.arange(40, 50, dtype="<i2"), [capture(40, 43)])
        self.f.segment("cell.A-000002", settings(2, 25), np.arange(5, dtype="<i2"), [capture(25, 28)])  # left behind by a crash
        lost = {"offset": 10, "samples": 30, "index": 10, "next": 43, "lost": 3, "lost_min": 3, "lost_max": 3, "gaps": 1}
        self.f.run(not_kept=[{"first": 1, "last": 2, "from": "", "to": "", "streams": {"cell.A": lost}}])
        run = self.open()
        a = run["cell.A"]
        self.assertEqual(run.problems, [])
        self.assertEqual([(g.cause, g.lost, g.position, g.index, g.is_loss) for g in a.gaps], [("not_kept", 30, 40, 10, False)])
        self.assertEqual((len(a), a.stop, a.lost), (20, 50, 0))
        with self.assertRaisesRegex(scopelog.GapError, "not_kept") as e:
            a[:]
        self.assertEqual((e.exception.position, e.exception.gap.cause), (40, "not_kept"))
        self.assertEqual(a.read(gaps="skip").tolist(), [*range(10), *range(40, 50)])
        self.assertEqual(int(np.isnan(a.values.read(gaps="fill")).sum()), 33)
        with self.assertRaisesRegex(scopelog.GoneError, "rule of the plan"):
            a[20]

    def test_damaged(self):
        self.two(annotations=[note("damaged", 12, 3), note("over_range", 16, 2, **{"daq:exact": False})])
        a = self.open()["cell.A"]
        self.assertEqual(a[15:].tolist(), [15, 16, 17, 18, 19])
        for f in (lambda: a[:], lambda: a[13], lambda: a.values.read(gaps="skip"), lambda: list(a.chunks(4)), lambda: a.overview()):
            with self.assertRaisesRegex(scopelog.DamagedError, "12 to 15"):
                f()
        self.assertEqual(len(self.open(damaged=True)["cell.A"][:]), 20)
        self.assertEqual([(n.label, n.start, n.stop, n.exact) for n in a.annotations("over_range")], [("over_range", 16, 18, False)])


class Refused(Case):
    def test_no_recording(self):
        for path in (self.dir.name, os.path.join(self.dir.name, "nothing"), __file__):
            with self.assertRaisesRegex(scopelog.NotARecordingError, "folder of a run"):
                scopelog.open(path)
        os.mkdir(self.f.file("bench-20261120T080000Z"))
        with open(self.f.file("bench-20261120T080000Z/run.json"), "w"):
            pass
        with self.assertRaisesRegex(scopelog.NotARecordingError, "such as .*bench-20261120T080000Z"):
            self.open()

    def test_later_versions(self):
        self.f.segment("cell.A", settings(), np.arange(3, dtype="<i2"), [capture(0, 0)])
        with open(self.f.file("cell.A.sigmf-meta")) as f:
            text = f.read()
        for version, ok in (("1.7.0", True), ("2.0.0", False)):
            with open(self.f.file("cell.A.sigmf-meta"), "w") as f:
                f.write(text.replace('"version": "1.0.0"', f'"version": "{version}"'))
            if ok:
                self.open()
            else:
                with self.assertRaisesRegex(scopelog.FormatError, "get a newer one"):
                    self.open()

    def test_damaged_files(self):
        """What cannot be read is told, and the rest is there."""
        self.f.segment("cell.A", settings(), np.arange(3, dtype="<i2"), [capture(0, 0)])
        self.f.run()
        for name, text in (("run.json", b"{}"), ("run.json", b""), ("cell.B.sigmf-meta", b"{"), ("cell.B.sigmf-meta", b"[]"), ("cell.B.sigmf-meta", b'{"global":{}}')):
            with self.subTest(name=name, text=text):
                with open(self.f.file(name), "wb") as f:
                    f.write(text)
                run = self.open()
                self.assertTrue(any(name in p for p in run.problems), run.problems)
                self.assertEqual(run["cell.A"][:].tolist(), [0, 1, 2])

    def test_events(self):
        from builder import crc_line

        lines = [crc_line({"seq": i, "utc": "2026-11-20T08:00:00.000000001Z", "mono_ns": 1, "kind": k, "count": 1}) for i, k in enumerate(["run_start", "mark"])]
        with open(self.f.file("events.jsonl"), "wb") as f:
            f.write(lines[0] + b"garbage\n" + lines[1] + lines[1][:20])
        self.f.run()
        run = self.open()
        self.assertEqual([e.seq for e in run.events()], [0, 1])
        self.assertEqual([e.kind for e in run.events("mark")], ["mark"])


class Units(Case):
    def test_changed(self):
        """Values of two units are not read together: each part says which unit it has."""
        x = np.arange(20, dtype="<i2")
        self.f.segment("cell.A-000000", settings(), x[:10], [capture(0, 0)])
        self.f.segment("cell.A-000001", settings(1, 10, daq_unit="K", daq_scale=2.0, daq_volts_per_count=0.5), x[10:], [capture(10, 15, lost=5)])
        self.f.run()
        a = self.open()["cell.A"]
        for gaps in ("skip", "fill"):
            with self.assertRaisesRegex(scopelog.ScopelogError, "in V before sample 10 and in K from there on"):
                a.values.read(gaps=gaps)
        self.assertEqual((a.unit, a.unit_at(9), a.unit_at(10), a.unit_at(19)), ("K", "V", "K", "K"))
        np.testing.assert_array_equal(a.values[:10], 1 + 0.5 * x[:10])
        np.testing.assert_array_equal(a.values[10:], 1 + 2.0 * x[10:])
        np.testing.assert_array_equal(np.concatenate([c.data for c in a.values.chunks(7)]), np.concatenate([a.values[:10], a.values[10:]]))
        np.testing.assert_array_equal(a.counts.read(gaps="skip"), x)


class Tables(Case):
    def test_captures_and_annotations(self):
        """The meta has the first entries, tables the rest; the tables have more rows than count yet."""
        caps = [capture(10 * k, 12 * k, BEGAN + 12 * k * 10**6, lost=2 if k else None, exact=k % 2 == 0, daq_scale=k + 1.0, daq_offset=0.0) for k in range(6)]
        g = settings(daq_captures_table={"file": "cell.A.captures.npy", "rows": 3}, daq_annotations_table={"file": "cell.A.annotations.npy", "rows": 2})
        self.f.segment("cell.A", g, np.ones(50, "<i2"), caps[:2])
        self.f.captures_table("cell.A", caps[2:])
        from scopelog._capture import ANNOTATION

        self.f.table("cell.A.annotations.npy", np.array([(3, 1, -1, 2, 1, 0, 0), (20, 5, 7, 3, 0, 0, 0), (1, 1, 1, 1, 1, 0, 0)], ANNOTATION))
        a = self.open()["cell.A"]
        self.assertEqual([(x.position, x.index, x.lost, x.exact, x.lost_max) for x in a.gaps],
                         [(10, 10, 2, False, 12), (20, 22, 2, True, 2), (30, 34, 2, False, 12), (40, 46, 2, True, 2)])  # fmt: skip
        np.testing.assert_array_equal(a.values.read(gaps="skip"), np.repeat(np.arange(1.0, 6.0), 10))
        self.assertEqual([(n.label, n.start, n.exact, n.event) for n in a.annotations()], [("trigger", 3, True, None), ("mark", 20, None, 7)])
        self.later()
        with open(self.f.file("cell.A.captures.npy"), "r+b") as f:
            f.truncate(1100)
        run = self.open()
        self.assertIn("cell.A.captures.npy has fewer rows than 3: logger repair makes it anew", run.problems)
        with self.assertRaisesRegex(scopelog.FormatError, "captures.npy is no table of 3 rows.*repair"):
            run["cell.A"][:]
        self.assertEqual(len(self.open(damaged=True)["cell.A"].read(gaps="skip")), 0)

    def later(self):
        """Numbers that a later format has for causes and labels are told as numbers."""
        for name, at, width in (("cell.A.captures.npy", 164, 168), ("cell.A.annotations.npy", 24, 32)):
            with open(self.f.file(name), "r+b") as f:
                f.seek(1024 + width + at)
                f.write(bytes([37]))
        a = self.open()["cell.A"]
        self.assertEqual([g.cause for g in a.gaps], ["usb", "usb", "cause 37", "usb"])
        self.assertEqual((a.lost, [n.label for n in a.annotations()]), (8, ["trigger", "label 37"]))
        self.assertIn("cause 37", str(a.gaps[2]))


class JSON(Case):
    def test_doc_example(self):
        """The example of the extension's document is read as it stands there."""
        doc = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "format", "daq.sigmf-ext.md")
        with open(doc, encoding="utf-8") as f:
            text = f.read().split("```json")[-1].split("```")[0]
        meta = json.loads(text)
        self.f.meta("cell.A-000001", meta["global"], meta["captures"], meta["annotations"])
        with open(self.f.file("cell.A-000001.sigmf-data"), "wb") as f:
            f.truncate(2 * 300_000_000)
        self.f.run(dropped={"segments": 1, "through": 0})
        a = self.open()["cell.A"]
        self.assertEqual([(g.cause, g.lost, g.lost_min, g.lost_max) for g in a.gaps], [("ring_full", 20480, 20480, 20480), ("restart", 1873420, 1872270, 1874570)])
        self.assertEqual((a.unit, a.label, a.start, len(list(a.stretches()))), ("A", "cell current", 600002560, 3))
        self.assertEqual(a.annotations()[0].stop, 700504096)


if __name__ == "__main__":
    unittest.main()
