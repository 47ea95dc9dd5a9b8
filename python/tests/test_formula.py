"""Equations of channels; internal/pythontest compares them with those of the Go module."""

import math
import unittest

import numpy as np

import scopelog
from builder import capture, note, settings
from scopelog._formula import ONE, Formula
from test_sealed import Case

nan = math.nan


class Language(unittest.TestCase):
    def test_values(self):
        for text, x, want in (
            ("v", 1.25, 1.25), ("3", 1, 3), ("2 * pi", 1, 2 * math.pi), ("1e-3 * v", 2, 0.002), ("1.e3", 0, 1000), ("1 + 2 * v - 4 / 2", 3, 5), ("10 - v - 2", 3, 5),
            ("64 / v / 2", 4, 8), ("(1 + 2) * v", 3, 9), ("-v + 1", 3, -2), ("- -v", 3, 3), ("-pow(v, 2)", 3, -9), ("v % 3", -7, -1), ("pow(v, 2) / 50", 10, 2), ("pow(v, 0.5)", 9, 3),
            ("pow(v, 0.5)", -9, nan), ("pow(2, v)", 2, 4), ("min(v, 2, 7)", 3, 2), ("max(v)", 3, 3), ("max(v, 4,)", 3, 4), ("atan2(v, 1)", 1, math.pi / 4), ("signum(v)", 0, 0),
            ("signum(v)", -0.1, -1), ("signum(v)", nan, nan), ("ln(exp(v)) + log10(1000)", 2, 5), ("floor(v) + ceil(v)", 1.5, 3), ("v > 1 && v < 3 ? 10 : 20", 2, 10),
            ("v > 1 && v < 3 ? 10 : 20", 3, 20), ("v < 0 ? -1 : v == 0 ? 0 : 1", 0, 0), ("v < 0 ? v < -1 ? -2 : -1 : 1", -0.5, -1), ("v > 0 ? sqrt(v) : 0", -4, 0),
            ("!(v >= 1) || false ? 1 : 2", 0, 1), ("true || false && false ? 1 : 2", 0, 1), ("v != 1 ? 1 : 2", 1, 2), ("(v > 1 ? true : v < 0) ? 1 : 2", -1, 1), ("1 / v", 0, nan),
            ("1 / 0", 0, nan), ("atan(1 / v)", 0, math.pi / 2), ("exp(v)", 1000, nan), ("v * 0", nan, nan), ("v < 1 ? 1 : 2", nan, 2), ("min(v, 1)", nan, nan),
            ("min(max(v, 1 / 0), 3)", nan, 3), ("atan(1 / max(0, -0))", 0, math.pi / 2), ("atan(1 / min(0, -0))", 0, -math.pi / 2), ("v # volts\n * 2 // twice\n /* and\n */ + 1", 3, 7),
        ):  # fmt: skip
            with self.subTest(text=text, x=x):
                np.testing.assert_allclose(Formula(text)(np.array([x, x], float)), [want] * 2, rtol=1e-14)

    def test_refused(self):
        for text, why in (
            ("", "ends where"), ("2 *", "ends where"), ("v v", "cannot stand behind"), ("2 * u", "nothing called u; it knows v, the volts at the tip, and pi"), ("v-1", "nothing called v-1"),
            ("v.x", "cannot stand behind"), ("e * v", r"exp\(1\)"), ("file(v)", "there is no function file; the functions are abs acos"), ("log(v)", "write ln or log10"), ("Sin(v)", "write sin"),
            ("sin(v, 2)", "takes one number and has 2"), ("pow(v)", "takes two numbers and has 1"), ("max()", "one number or more and has 0"), ("v == 1", "not a number but true or false"),
            ("(v > 1) + 1", r"each side of \+ must be a number"), ("v && 1 ? 1 : 2", "each side of && must be true or false"), ("!v ? 1 : 2", "behind ! must be true or false"),
            ("-(v > 1)", "behind - must be a number"), ("v ? 1 : 2", r"what stands before \?"), ("v > 0 ? 1 : true", "both sides of :"), ("sin(v > 1)", "sin takes numbers"),
            ('"2" * v', "texts cannot"), ("null", "null is not"), ("[v][0]", "lists and objects"), ("v[0]", "cannot stand behind"), ("max(v...)", "cannot be used"), ("1e400 * v", "beyond 1e308"),
            ("v * 1e999999999", "too long"), ("1" * 401, "too long"), ("1.2.3", "no number"), (".5", "cannot be read"), ("5. * v", "cannot stand behind"), ("v+" * 2048 + "v", "longer than 4096"),
            ("(v", "not closed"), ("v)", "cannot stand behind"), ("max(v, (2)", "not closed"), ("v > 1 ? 2", "without its :"), ("1 : 2", "cannot stand behind"), ("(v > 1 ? 2) : 3", "cannot stand"),
            ("(1, 2)", "cannot stand behind"), ("1, 2", "cannot stand behind"), ("max(,)", "stands where"), ("sin", "nothing called sin"), ("v = 1", "means nothing"), ("v & v", "means nothing"),
            ("__import__('os')", "means nothing"), ("__import__(v)", "no function __import__"), ("v if v else 1", "cannot stand behind"), ("\ud800", "encode"), ("v ** 2", "stands where"), ("v\0", "means nothing"),
        ):  # fmt: skip
            with self.subTest(text[:50]), self.assertRaisesRegex(scopelog.EquationError, why):
                Formula(text)

    def test_deep(self):
        self.assertEqual(Formula("(" * 2000 + "v" + ")" * 2000)(np.array([7.0])).tolist(), [7])
        self.assertEqual(Formula("v+(" * 900 + "v" + ")" * 900)(np.array([1.0])).tolist(), [901])
        self.assertEqual(Formula("-" * 4001 + "v")(np.array([1.0])).tolist(), [-1])

    def test_blocks(self):
        """Every length gives what single numbers give, and the array that is given stays as it is."""
        f = Formula("v > 0.5 ? sqrt(v) - min(v, 0.7) : pow(v, 3) / (1 + v)")
        x = np.linspace(0, 1, 70_000)
        before, got = x.copy(), f(x)
        np.testing.assert_array_equal(x, before)
        for n in (0, 1, 32767, 32768, 32769):
            np.testing.assert_allclose(f(x[:n]), got[:n], rtol=1e-15)
        for name in ONE:
            self.assertEqual(Formula(f"{name}(v)")(x).dtype, np.float64, name)


class Channel(Case):
    def write(self, equation="v > 0 ? 2 * v : v * v", k=0, **more):
        x = np.arange(-3000, 3000, dtype="<i2")
        g = settings(k, 6000 * k, daq_equation=equation, daq_unit="W", daq_sensor={"scale": 0.25, "offset": 1.0}, **more)
        self.f.segment(f"cell.A-{k:06d}", g, x, [capture(6000 * k, 6000 * k), capture(6000 * k + 4000, 6000 * k + 4000, daq_scale=1.0, daq_offset=3.0)])
        v = np.where(np.arange(6000) < 4000, x * 2.0, x * 4.0 + 8)
        return v, np.where(v > 0, 2 * v, v * v)

    def test_values(self):
        v, want = self.write()
        a = self.open()["cell.A"]
        np.testing.assert_array_equal(a.volts[:], v)
        np.testing.assert_array_equal(a.values[:], want)
        np.testing.assert_array_equal(a.values[10:5000:7], want[10:5000:7])
        np.testing.assert_array_equal(np.concatenate([c.data for c in a.values.chunks(999)]), want)
        self.assertEqual((a.values[5], a.unit), (want[5], "W"))

    def test_each_segment_has_its_own(self):
        _, want = self.write()
        v, _ = self.write("-v", 1)
        np.testing.assert_array_equal(self.open()["cell.A"].values[:], np.concatenate([want, -v]))

    def test_overview(self):
        """The extremes of an equation are not at those of the volts."""
        _, want = self.write()
        for points in (1, 3, 7, 6000):
            o = self.open()["cell.A"].overview(points=points)
            b = np.arange(6000) // o.size
            np.testing.assert_array_equal(o.minimum, [want[b == k].min() for k in np.unique(b)])
            np.testing.assert_array_equal(o.maximum, [want[b == k].max() for k in np.unique(b)])

    def test_damaged_and_nan(self):
        self.write("sqrt(v)")
        a = self.open()["cell.A"]
        self.assertEqual(np.isnan(a.values[:]).sum(), 3000)
        self.assertEqual(float(np.nanmax(a.overview(points=1).maximum)), float(np.nanmax(a.values[:])))
        self.f.meta("cell.A-000000", a.info, [capture(0, 0)], [note("damaged", 0, 10)])
        with self.assertRaises(scopelog.DamagedError):
            self.open()["cell.A"].values[:]


if __name__ == "__main__":
    unittest.main()
