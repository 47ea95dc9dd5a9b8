"""Recordings that are drawn, against plain arrays."""

import os
import random
import unittest

import numpy as np

import scopelog
from builder import BEGAN, capture, overview_rows, settings
from test_sealed import Case


class Random(Case):
    def draw(self, r, gaps=True, segments=3):
        x, index, g_index, offset = [], [], r.randrange(2000), 0
        for k in range(segments):
            caps, at = [], offset
            for c in range(r.randrange(1, 4)):
                n = r.choice([1, 7, 1000, 3000, 20_000])
                lost = r.choice([0, 1, 500, 30_000]) if gaps and (c or k) and r.random() < 0.6 else None
                g_index += lost or 0
                caps.append(capture(at, g_index, BEGAN + g_index * 10**6, lost=lost))
                x.append(np.array([r.randrange(-30000, 30000) for _ in range(min(n, 50))] * (n // 50 + 1), "<i2")[:n])
                index.append(np.arange(n) + g_index)
                at, g_index = at + n, g_index + n
            part = np.concatenate(x)[offset:at]
            base = f"cell.A-{k:06d}"
            self.f.segment(base, settings(k, offset), part, caps)
            for level in range(2):
                self.f.table(f"{base}.ov{level}.npy", overview_rows(part, np.concatenate(index)[offset:at], level))
            offset = at
        return np.concatenate(x), np.concatenate(index)

    def test_against_arrays(self):
        for seed in range(8):
            r = random.Random(seed)
            for name in os.listdir(self.dir.name):
                os.remove(self.f.file(name))
            x, index = self.draw(r)
            a = self.open()["cell.A"]
            with self.subTest(seed):
                self.assertEqual(len(a), len(x))
                self.assertEqual([int(s.index) for s in a.stretches()][0], index[0])
                for _ in range(20):
                    lo, hi = sorted(r.randrange(len(x) + 1) for _ in range(2))
                    self.ranges(a, x, index, lo, hi, r.choice([1, 1, 2, 3, 1000]))
                self.chunks(a, x, index, r)
                for points in (1, 3, 40, 500):
                    lo, hi = sorted(r.sample(range(len(x) + 1), 2))
                    self.overview(a, x, index, lo, hi, points)

    def test_short_stretches(self):
        """Very many stretches are filled as few are."""
        r = random.Random(9)
        caps, at, index, place = [], 0, 5, []
        while at < 30_000:
            n, lost = r.choice([1, 2, 3, 7]), r.choice([0, 1, 4])
            index += lost
            caps.append(capture(at, index, lost=lost if at else None))
            place += range(index, index + n)
            at, index = at + n, index + n
        x = np.array([r.randrange(-30000, 30000) for _ in range(at)], "<i2")
        self.f.segment("cell.A", settings(), x, caps)
        a = self.open()["cell.A"]
        for lo, hi in ((0, at), (1, at - 1), (500, 20_000), (7, 8), (9, 9)):
            self.ranges(a, x, np.array(place), lo, hi, 1)
        self.assertGreater(len(a.gaps), 4096)

    def ranges(self, a, x, index, lo, hi, step):
        np.testing.assert_array_equal(a.read(lo, hi, step=step, gaps="skip"), x[lo:hi:step])
        np.testing.assert_array_equal(a.values.read(lo, hi, step=step, gaps="skip"), x[lo:hi:step] * 0.5 + 1)
        np.testing.assert_allclose(a.seconds(lo, hi, step=step), index[lo:hi:step] * 1e-3)
        whole = len(list(a.stretches(lo, hi))) <= 1
        if whole:
            np.testing.assert_array_equal(a[lo:hi], x[lo:hi])
        else:
            with self.assertRaises(scopelog.GapError):
                a[lo:hi]
        filled = a.values.read(lo, hi, gaps="fill")
        if hi > lo:
            self.assertEqual(len(filled), index[hi - 1] - index[lo] + 1)
            np.testing.assert_array_equal(filled[index[lo:hi] - index[lo]], x[lo:hi] * 0.5 + 1)
            self.assertEqual(int(np.isnan(filled).sum()), len(filled) - (hi - lo))
            self.assertEqual(a.read(lo, hi, gaps="fill").compressed().tolist(), x[lo:hi].tolist())

    def chunks(self, a, x, index, r):
        at = 0
        for c in a.chunks(r.choice([1, 999, 4096]) if len(x) < 30_000 else 4096):
            np.testing.assert_array_equal(c.data, x[at : at + len(c.data)])
            self.assertEqual((c.start, c.index), (at, index[at]))
            self.assertEqual(c.joined, at > 0 and index[at] == index[at - 1] + 1 and c.gap is None)
            self.assertTrue((np.diff(index[at : c.stop]) == 1).all())
            at = c.stop
        self.assertEqual(at, len(x))

    def overview(self, a, x, index, lo, hi, points):
        o = a.overview(lo, hi, points=points)
        v, b = x[lo:hi] * 0.5 + 1, index[lo:hi] // o.size
        bins = np.unique(b)
        np.testing.assert_array_equal(o.index, bins * o.size)
        np.testing.assert_array_equal(o.count, [(b == k).sum() for k in bins])
        np.testing.assert_array_equal(o.minimum, [v[b == k].min() for k in bins])
        np.testing.assert_array_equal(o.maximum, [v[b == k].max() for k in bins])


if __name__ == "__main__":
    unittest.main()
