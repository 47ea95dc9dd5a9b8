package driver

import (
	"testing"

	"github.com/scopelog/scopelog/units"
)

// numbering has three listed intervals from number 1 on, then steps of 8 ns.
func numbering() Timebases {
	ns := func(n int64) units.Interval { return units.Seconds(n, 1e9) }
	return Timebases{First: 1, Last: 1<<32 - 1, Listed: []units.Interval{ns(1), ns(2), ns(4)}, Minus: 3, Clock: units.Hertz(125_000_000, 1)}
}

func TestTimebaseInterval(t *testing.T) {
	t.Parallel()
	ns := func(n int64) units.Interval { return units.Seconds(n, 1e9) }
	short := Timebases{First: 0, Last: 5, Listed: []units.Interval{ns(10), ns(20)}}
	for _, c := range []struct {
		name   string
		t      Timebases
		number uint32
		want   units.Interval // 0: there is none
	}{
		{"below the first", numbering(), 0, units.Interval{}},
		{"first", numbering(), 1, ns(1)},
		{"last of the list", numbering(), 3, ns(4)},
		{"first step", numbering(), 4, ns(8)},
		{"second step", numbering(), 5, ns(16)},
		{"last", numbering(), 1<<32 - 1, units.Seconds(1<<32-4, 125_000_000)},
		{"a list alone", short, 1, ns(20)},
		{"behind a list alone", short, 2, units.Interval{}},
		{"beyond the last", short, 6, units.Interval{}},
		{"a formula that gives nothing", Timebases{Last: 10, Minus: 5, Clock: units.Hertz(1, 1)}, 5, units.Interval{}},
		{"a formula without a list", Timebases{Last: 10, Minus: 5, Clock: units.Hertz(2, 1)}, 6, units.Seconds(1, 2)},
		{"a list with a hole", Timebases{Last: 10, Listed: []units.Interval{{}}}, 0, units.Interval{}},
		{"too small a clock for 64 bits", Timebases{Last: 1<<32 - 1, Clock: units.Hertz(1, 1<<62)}, 1<<32 - 1, units.Interval{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := c.t.Interval(c.number)
			if ok != !c.want.IsZero() || ok && got.Cmp(c.want.Rational) != 0 {
				t.Errorf("number %d: %v, %v; want %v", c.number, got, ok, c.want)
			}
		})
	}
}

func TestNearestTimebase(t *testing.T) {
	t.Parallel()
	ns := func(n int64) units.Interval { return units.Seconds(n, 1e9) }
	short := Timebases{Last: 5, Listed: []units.Interval{ns(10), ns(20)}}
	for _, c := range []struct {
		name   string
		t      Timebases
		want   units.Interval
		number uint32
	}{
		{"shorter than all", numbering(), units.Seconds(1, 1e12), 1},
		{"between two of the list", numbering(), units.Seconds(17, 1e10), 2},
		{"equally close", numbering(), ns(3), 2},
		{"between list and steps", numbering(), ns(7), 4},
		{"step", numbering(), ns(8 * 1000), 1003},
		{"rounded down", numbering(), ns(8*1000 + 3), 1003},
		{"rounded up", numbering(), ns(8*1000 + 5), 1004},
		{"longer than all", numbering(), units.Seconds(1000, 1), 1<<32 - 1},
		{"longer than a list", short, ns(100), 1},
		{"a formula without a list", Timebases{Last: 100, Minus: 50, Clock: units.Hertz(1, 1)}, ns(1), 51},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, got, ok := c.t.Nearest(c.want)
			if own, exists := c.t.Interval(n); !ok || n != c.number || !exists || own.Cmp(got.Rational) != 0 {
				t.Errorf("nearest to %v: %d (%v), %v; want %d", c.want, n, got, ok, c.number)
			}
		})
	}
	if n, _, ok := (Timebases{Last: 10}).Nearest(ns(1)); ok {
		t.Errorf("nothing has the number %d", n)
	}
}

func TestMemoryLimit(t *testing.T) {
	t.Parallel()
	m := ModeCapabilities{
		Memory:    []MemoryLimit{{MaxChannels: 1, Bits: 8, Samples: 1}, {MaxChannels: 4, Digital: 1, Samples: 2}, {Bits: 8, Samples: 3}},
		Timebases: []Timebases{{Bits: 8, Last: 8}, {Last: 100}},
	}
	for _, c := range []struct {
		channels, bits int
		digital        bool
		want           int64
		last           uint32
	}{{1, 8, true, 1, 8}, {1, 12, false, 2, 100}, {2, 8, true, 3, 8}, {8, 8, false, 3, 8}, {8, 12, false, 0, 100}} {
		l, ok := m.MemoryLimit(c.channels, c.bits, c.digital)
		if l.Samples != c.want || ok != (c.want > 0) {
			t.Errorf("%d channels, %d bit, digital %v: %d, %v; want %d", c.channels, c.bits, c.digital, l.Samples, ok, c.want)
		}
		if n, ok := m.TimebasesAt(c.bits); !ok || n.Last != c.last {
			t.Errorf("%d bit: numbers up to %d, %v; want %d", c.bits, n.Last, ok, c.last)
		}
	}
	if _, ok := (ModeCapabilities{Timebases: []Timebases{{Bits: 8}}}).TimebasesAt(12); ok {
		t.Error("numbers of another resolution")
	}
}
