"""Block modes: the waveforms of a stream as a matrix."""

import unittest

import numpy as np

import scopelog
from builder import BEGAN, capture, settings
from test_sealed import Case


class Waveforms(Case):
    def test_waveforms(self):
        n = 10
        x = np.arange(5 * n, dtype="<i2")
        for k, rows in enumerate((2, 3)):
            first = 2 * k
            caps = [
                capture(n * i, n * i, BEGAN + i * 10**9, daq_waveform=i + i // 3, daq_arm=i // 2, daq_memory_segment=i, daq_trigger_position=3,
                        **({"daq_trigger_offset_fs": -5 * 10**11, "daq_dead_time_ns": 250} if i else {}), **({"daq_scale": 2.0, "daq_offset": 0.0} if i == 3 else {}))
                for i in range(first, first + rows)
            ]  # fmt: skip
            g = settings(k, n * first, daq_mode="rapid_block", daq_waveform_samples=n)
            self.f.segment(f"cell.A-{k:06d}", g, x[n * first : n * (first + rows)], caps)
        a = self.open()["cell.A"]
        w = a.waveforms
        self.assertEqual((w.shape, w.counts.shape, len(w)), ((5, 10), (5, 10), 5))
        self.assertEqual((w.number.tolist(), w.arm.tolist()), ([0, 1, 2, 4, 5], [0, 0, 1, 1, 2]))
        np.testing.assert_allclose(w.trigger_seconds, [0.003, 0.0025, 0.0025, 0.0025, 0.0025])
        np.testing.assert_allclose(w.dead_seconds, [np.nan] + [250e-9] * 4)
        np.testing.assert_array_equal(w[:], x.reshape(5, 10))
        np.testing.assert_array_equal(w[1:4], x.reshape(5, 10)[1:4])
        np.testing.assert_array_equal(w[[4, 0]], x.reshape(5, 10)[[4, 0]])
        np.testing.assert_array_equal(w[w.number > 1, 2:4], x.reshape(5, 10)[2:, 2:4])
        self.assertEqual((w[-1].tolist(), int(w[2, 3]), w[5:].shape, w[::2, 0].tolist()), (x[40:].tolist(), 23, (0, 10), [0, 20, 40]))
        np.testing.assert_allclose(w.values[3], x[30:40] * 2.0)
        np.testing.assert_allclose(w.values[2:4], np.stack([x[20:30] * 0.5 + 1, x[30:40] * 2.0]))
        with self.assertRaisesRegex(scopelog.GapError, "another waveform"):
            a[5:15]
        with self.assertRaisesRegex(scopelog.GapError, "no number of samples"):
            a.read(gaps="fill")
        self.assertEqual(len(a.read(gaps="skip")), 50)
        with self.assertRaises(IndexError):
            w[5]

    def test_truncated(self):
        """A waveform that its file has not whole is left out, and what is behind it stays in its rows."""
        n = 10
        x = np.arange(8 * n, dtype="<i2")
        for k in range(2):
            caps = [capture(n * i, n * i, BEGAN + i, daq_waveform=i, daq_arm=0, daq_memory_segment=i, **({"daq_scale": 2.0, "daq_offset": 0.0} if i == 5 else {})) for i in range(4 * k, 4 * k + 4)]
            g = settings(k, 4 * n * k, daq_mode="rapid_block", daq_waveform_samples=n)
            whole = x[4 * n * k : 4 * n * (k + 1)]
            self.f.segment(f"cell.A-{k:06d}", g, whole if k else whole[: 3 * n + 4], caps)
        w = self.open(damaged=True)["cell.A"].waveforms
        rows = [0, 1, 2, 4, 5, 6, 7]
        want = x.reshape(8, n)[rows]
        self.assertEqual(w.number.tolist(), rows)
        for name, key in (("all", slice(None)), ("from the last whole one", slice(2, None)), ("one", 3), ("with a step", slice(None, None, 2)), ("chosen", [6, 2, 3]), ("none", slice(3, 3))):
            with self.subTest(name):
                np.testing.assert_array_equal(w[key], want[key])
        np.testing.assert_array_equal(w.values[:], [r * 2.0 if i == 5 else r * 0.5 + 1 for i, r in zip(rows, want)])
        w = self.open()["cell.A"].waveforms
        np.testing.assert_array_equal(w[3:], want[3:])


if __name__ == "__main__":
    unittest.main()
