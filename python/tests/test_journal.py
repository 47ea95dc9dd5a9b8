"""Recordings that are being recorded, or were cut off: what the journal says, to the sample."""

import os
import tempfile
import unittest

import numpy as np

import scopelog
from builder import BEGAN, Folder, capture, crc_line, note, settings


class Journal(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)
        self.f = Folder(self.dir.name)

    def begin(self, captures=(), **more):
        """A run that has begun: the file holds 100 samples, more than the journal will tell of."""
        self.f.run("recording")
        self.f.segment("cell.A", settings(state="recording", **more), np.arange(100, dtype="<i2"), captures)
        self.f.state(0, 0, 0, 0, "cell.A")
        self.f.line(0, "stream", stream="cell.A", **{"global": settings(state="recording", **more)})

    def open(self):
        return scopelog.open(self.dir.name)

    def test_up_to_the_last_sync(self):
        self.begin([capture(0, 0)])
        a = self.open()["cell.A"]
        self.assertEqual((len(a), a.live, a[:].tolist()), (0, True, []))
        self.f.sync(0, 0, 30, captures=[capture(0, 0)])
        self.assertEqual(self.open()["cell.A"][:].tolist(), list(range(30)))
        line = self.f.sync(0, 0, 60, captures=[capture(40, 45, lost=5)], annotations=[note("over_range", 35, 3)])
        path = self.f.file("cell.journal-000000.jsonl")
        whole = os.path.getsize(path)
        for cut in (1, len(line) // 2, len(line) - 1):
            with self.subTest(cut):
                os.truncate(path, whole - cut)
                run = self.open()
                self.assertEqual((len(run["cell.A"]), run.problems), (30, []))
        with open(path, "ab") as f:
            f.write(line[-cut:])
        a = self.open()["cell.A"]
        self.assertEqual((len(a), a.index(40), a.gaps[0].lost, a.annotations()[0].stop), (60, 45, 5, 38))
        with self.assertRaises(scopelog.GapError):
            a[:]

    def test_refresh(self):
        """A refresh reads what has come, also a line that was half there before, and never all of it again."""
        self.begin()
        run = self.open()
        self.f.sync(0, 0, 10, captures=[capture(0, 0)])
        self.assertEqual(len(run.refresh()["cell.A"]), 10)
        line = self.f.sync(0, 0, 20)
        path = self.f.file("cell.journal-000000.jsonl")
        os.truncate(path, os.path.getsize(path) - 10)
        before = run["cell.A"]
        self.assertEqual(len(run.refresh()["cell.A"]), 10)
        self.f.raw(0, line[-10:])
        self.assertEqual((len(run.refresh()["cell.A"]), len(before)), (20, 10))
        self.f.line(0, "seal", segment=0, reason="cut", gap_after={"cell.A": {"cause": "core", "lost": 7, "exact": True}})
        self.assertEqual(run.refresh()["cell.A"].gaps[0].lost, 7)
        self.f.segment("cell.A", settings(daq_gap_after={"cause": "core", "lost": 7, "exact": True}), np.arange(20, dtype="<i2"), [capture(0, 0)])
        self.f.segment("cell.A-000001", settings(1, 20, state="recording"), np.arange(20, 50, dtype="<i2"), [])
        a = run.refresh()["cell.A"]
        self.assertEqual((len(a), len(a.segments), a.live, a.gaps[0].index), (20, 1, False, 20))  # nothing vouches for the new segment yet
        self.f.state(1, 1, 20, 20, "cell.A-000001", 27)
        self.f.line(1, "stream", stream="cell.A", **{"global": settings(1, 20, state="recording")})
        self.f.sync(1, 1, 25, captures=[capture(20, 27, lost=7)])
        a = run.refresh()["cell.A"]
        self.assertEqual((len(a), a.index(24), a.live, a[20:].tolist()), (25, 31, True, [20, 21, 22, 23, 24]))
        self.assertEqual(run.problems, [])

    def test_file_shorter_than_the_journal(self):
        self.begin()
        self.f.sync(0, 0, 130, captures=[capture(0, 0)])
        run = self.open()
        self.assertIn("30 samples", run.problems[0])
        self.assertEqual(run["cell.A"][90:100].tolist(), list(range(90, 100)))
        for f in (lambda: run["cell.A"][:], lambda: run["cell.A"][90:101]):
            with self.assertRaises(scopelog.MissingError):
                f()

    def test_state_voids(self):
        """The state line of a later part takes back what was said at or behind its n."""
        self.begin()
        self.f.sync(0, 0, 80, captures=[capture(0, 0), capture(50, 60, lost=10), capture(70, 80)], annotations=[note("over_range", 40, 25), note("over_range", 72, 3)])
        self.f.state(1, 0, 0, 60, "cell.A", 70)
        run = self.open()
        a = run["cell.A"]
        self.assertEqual((len(a), len(a.gaps), [(n.start, n.stop) for n in a.annotations()]), (60, 1, [(40, 60)]))
        self.f.sync(1, 0, 90)
        self.assertEqual((len(run.refresh()["cell.A"]), len(run["cell.A"].gaps)), (90, 1))

    def test_captures_are_replaced_and_annotations_joined(self):
        self.begin()
        self.f.sync(0, 0, 40, captures=[capture(0, 0), capture(20, 20)], annotations=[note("over_range", 5, 5, **{"daq:exact": False}), note("trigger", 3, 1)])
        self.f.sync(0, 0, 50, captures=[capture(20, 25, lost=5, cause="inferred", exact=False)], annotations=[note("over_range", 10, 5, **{"daq:exact": False}), note("over_range", 20, 1)])
        a = self.open()["cell.A"]
        self.assertEqual([(s.start, s.stop, s.index) for s in a.stretches()], [(0, 20, 0), (20, 50, 25)])
        self.assertEqual(a.gaps[0].position_min, 0)
        self.assertEqual([(n.label, n.start, n.stop) for n in a.annotations()], [("trigger", 3, 4), ("over_range", 5, 15), ("over_range", 20, 21)])

    def test_more(self):
        """Lines in front of a sync count with it, and only with it."""
        self.begin()
        self.f.sync(0, 0, 10, captures=[capture(0, 0)])
        self.f.line(0, "more", streams={"cell.A": {"captures": [capture(10, 15, lost=5)]}})
        self.f.line(0, "more", streams={"cell.A": {"captures": [capture(20, 26, lost=1)]}})
        run = self.open()
        self.assertEqual((len(run["cell.A"]), len(run["cell.A"].gaps)), (10, 0))
        self.f.sync(0, 0, 30)
        self.assertEqual([g.lost for g in run.refresh()["cell.A"].gaps], [5, 1])
        self.f.line(0, "more", streams={"cell.A": {"captures": [capture(30, 39, lost=2)]}})
        self.f.line(0, "epoch", epoch=1, cause="restart", base=39, base_min=39, base_max=39, boot_id="b", first={"index": 39, "mono_ns": 1, "utc_ns": BEGAN})
        self.f.sync(0, 0, 40)
        self.assertEqual(len(run.refresh()["cell.A"].gaps), 2)
        self.assertEqual([e.cause for e in run.devices["cell"].epochs], ["restart"])

    def test_waveforms(self):
        """The short form of waveforms gives the captures that the metadata have in full."""
        more = {"daq_mode": "rapid_block", "daq_waveform_samples": 10}
        self.begin(**more)
        first = capture(0, 0, BEGAN, daq_waveform=4, daq_arm=1, daq_memory_segment=0, daq_trigger_position=2)
        self.f.sync(0, 0, 30, waveforms=[{"first": first, "samples": 10, "next": [[1000, 0, 1, 3, -3500, 250], [500, 1, -1, None, None, None]]}])
        w = self.open()["cell.A"].waveforms
        self.assertEqual((w.shape, w.number.tolist(), w.arm.tolist(), w.memory_segment.tolist()), ((3, 10), [4, 5, 6], [1, 1, 2], [0, 1, 0]))
        self.assertEqual(w.trigger_position.tolist(), [2, 3, -1])
        np.testing.assert_allclose(w.trigger_seconds, [0.002, 0.003 - 3.5e-12, np.nan])
        np.testing.assert_allclose(w.dead_seconds, [np.nan, 250e-9, np.nan])
        self.assertEqual((w.time - w.time[0]).astype(int).tolist(), [0, 1000, 1500])
        self.assertEqual(w[2].tolist(), list(range(20, 30)))

    def test_damaged_lines(self):
        """A line that is damaged in the middle is told; what the meta has stands in for what it said."""
        caps = [capture(0, 0), capture(20, 25, lost=5)]
        self.begin(caps)
        self.f.sync(0, 0, 10, captures=caps[:1])
        self.f.sync(0, 0, 30, captures=caps[1:])
        self.f.sync(0, 0, 40)
        path = self.f.file("cell.journal-000000.jsonl")
        with open(path, "rb") as f:
            lines = f.read().splitlines(keepends=True)
        lines[-2] = lines[-2].replace(b'"n":30', b'"n":31')
        with open(path, "wb") as f:
            f.writelines(lines)
        run = self.open()
        self.assertTrue(any("damaged" in p or "lost" in p for p in run.problems), run.problems)
        self.assertEqual((len(run["cell.A"]), [g.lost for g in run["cell.A"].gaps]), (40, [5]))

    def test_lines_that_cannot_be_true(self):
        self.begin()
        self.f.sync(0, 0, 30, captures=[capture(0, 0)])
        for name, said in (
            ("count falls", {"k": "sync", "segment": 0, "streams": {"cell.A": {"n": 20}}}), ("unknown stream", {"k": "sync", "segment": 0, "streams": {"cell.B": {"n": 40}}}),
            ("no count", {"k": "sync", "segment": 0, "streams": {"cell.A": {}}}), ("old number", {"k": "sync", "seq": 1, "segment": 0, "streams": {"cell.A": {"n": 50}}}),
            ("another device", {"k": "state", "device": "other", "segment": 0, "streams": {}}), ("no streams", {"k": "sync", "segment": 0}),
        ):  # fmt: skip
            with self.subTest(name):
                self.f.raw(0, crc_line({"seq": self.f.seq, "mono_ns": 1, "utc_ns": BEGAN, **said}))
                self.assertEqual(len(self.open()["cell.A"]), 30)
        self.f.raw(0, b"\0" * 5000)
        self.assertEqual(len(self.open()["cell.A"]), 30)

    def test_unknown_kind(self):
        self.begin()
        self.f.line(0, "novelty", what=1)
        self.f.sync(0, 0, 30, captures=[capture(0, 0)])
        run = self.open()
        self.assertEqual((len(run["cell.A"]), run.problems), (30, []))

    def test_later_version(self):
        self.f.run("recording")
        self.f.line(0, "state", format="2.0", run="r", device="cell", part=0, segment=0, epoch=0, boot_id="b", streams={})
        with self.assertRaisesRegex(scopelog.FormatError, "get a newer one"):
            self.open()

    def test_without_journal(self):
        """Without a journal the meta and the length of the file are all that is known."""
        self.begin([capture(0, 0)])
        os.remove(self.f.file("cell.journal-000000.jsonl"))
        a = self.open()["cell.A"]
        self.assertEqual((len(a), a.segments[0].source), (100, "sizes"))

    def test_without_meta(self):
        """Without a meta, and without run.json, the journal is enough."""
        self.begin()
        self.f.sync(0, 0, 30, captures=[capture(0, 0)])
        os.remove(self.f.file("cell.A.sigmf-meta"))
        os.remove(self.f.file("run.json"))
        run = self.open()
        self.assertEqual((run["cell.A"][:].tolist(), run.devices["cell"].mode), (list(range(30)), "stream"))
        self.assertIn("run.json is missing", run.problems[0])

    def test_repaired_meanwhile(self):
        """A journal that has become shorter is read anew."""
        self.begin()
        self.f.sync(0, 0, 30, captures=[capture(0, 0)])
        size = os.path.getsize(self.f.file("cell.journal-000000.jsonl"))
        self.f.sync(0, 0, 60)
        run = self.open()
        os.truncate(self.f.file("cell.journal-000000.jsonl"), size)
        self.assertEqual(len(run.refresh()["cell.A"]), 30)


if __name__ == "__main__":
    unittest.main()
