package picosdk

import (
	"errors"
	"math"
	"testing"

	"github.com/scopelog/scopelog/units"
)

func TestWholeInterval(t *testing.T) {
	for _, c := range []struct {
		interval string
		count    uint32
		unit     TimeUnit
		exact    bool
	}{
		{"1us", 1_000_000_000, Femtoseconds, true},
		{"32ns", 32_000_000, Femtoseconds, true},
		{"4294967295fs", 4294967295, Femtoseconds, true},
		{"4294967296fs", 4294967, Picoseconds, false}, // no whole number of a longer unit
		{"10us", 10_000_000, Picoseconds, true},
		{"1ms", 1_000_000_000, Picoseconds, true},
		{"10ms", 10_000_000, Nanoseconds, true},
		{"1s", 1_000_000_000, Nanoseconds, true},
		{"10s", 10_000_000, Microseconds, true},
		{"1h30m", 5_400_000, Milliseconds, true},
		{"100d", 8_640_000, Seconds, true},
		{"1/3ns", 333_333, Femtoseconds, false},
		{"1/3ms", 333_333_333, Picoseconds, false},
		{"1/3fs", 1, Femtoseconds, false}, // never 0
	} {
		t.Run(c.interval, func(t *testing.T) {
			i, err := units.ParseInterval(c.interval)
			if err != nil {
				t.Fatal(err)
			}
			count, unit, exact, err := WholeInterval(i)
			if err != nil || count != c.count || unit != c.unit || exact != c.exact {
				t.Fatalf("%d %v, exact %v, %v, want %d %v, %v", count, unit, exact, err, c.count, c.unit, c.exact)
			}
			if back := unit.Interval(count); exact != (back.Cmp(i.Rational) == 0) {
				t.Errorf("it comes back as %v", back)
			}
		})
	}
	for _, bad := range []units.Interval{{}, units.Seconds(-1, 1), units.Seconds(1<<32, 1)} {
		if _, _, _, err := WholeInterval(bad); !errors.Is(err, ErrInterval) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if Seconds.Femtoseconds() != 1e15 || TimeUnit(6).Femtoseconds() != 0 || Microseconds.String() != "us" || TimeUnit(6).String() != "time unit 6" {
		t.Error("the ends of the table")
	}
}

func TestDoubleInterval(t *testing.T) {
	for _, c := range []struct {
		interval string
		count    float64
		unit     TimeUnit
	}{
		{"6400ps", 6400, Picoseconds},
		{"1us", 1e6, Picoseconds},
		{"1h", 3.6e15, Picoseconds},
		{"10h", 3.6e13, Nanoseconds},
		{"1/3ns", 1.0 / 3, Nanoseconds},
	} {
		t.Run(c.interval, func(t *testing.T) {
			i, err := units.ParseInterval(c.interval)
			if err != nil {
				t.Fatal(err)
			}
			count, unit, err := DoubleInterval(i)
			if err != nil || count != c.count || unit != c.unit {
				t.Fatalf("%v %v, %v, want %v %v", count, unit, err, c.count, c.unit)
			}
			if back, err := FromDouble(count, unit); err != nil || back.Cmp(i.Rational) != 0 {
				t.Errorf("it comes back as %v, %v", back, err)
			}
		})
	}
	if _, _, err := DoubleInterval(units.Interval{}); !errors.Is(err, ErrInterval) {
		t.Error("0 is an interval")
	}
}

func TestFromDouble(t *testing.T) {
	for _, c := range []struct {
		name  string
		count float64
		unit  TimeUnit
		want  string
	}{
		{"a double that is no decimal", 0.2, Nanoseconds, "200ps"},
		{"6.4 ns", 6.4, Nanoseconds, "6400ps"},
		{"in seconds", 1e-6, Seconds, "1us"},
		{"a third of a nanosecond", 1.0 / 3, Nanoseconds, "1/3ns"},
		{"odd, to the femtosecond", 1.2345678912345, Nanoseconds, "1234568fs"},
		{"below a femtosecond", 1e-9, Femtoseconds, "1fs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, err := units.ParseInterval(c.want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := FromDouble(c.count, c.unit)
			if err != nil || got.Cmp(want.Rational) != 0 {
				t.Errorf("%v (%v), %v, want %v", got, got.Rational, err, want)
			}
		})
	}
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := FromDouble(bad, Seconds); !errors.Is(err, ErrInterval) {
			t.Errorf("%v is an interval", bad)
		}
	}
	if _, err := FromDouble(1e300, Seconds); err == nil {
		t.Error("1e300 s is an interval")
	}
	if _, err := FromDouble(1, 6); err == nil {
		t.Error("unit 6 is a unit")
	}
}
