package signal

import (
	"bytes"
	"math"
	"testing"

	"github.com/scopelog/scopelog/units"
)

func TestChannelAddsUp(t *testing.T) {
	t.Parallel()
	c := NewChannel([]Source{NewSine(hz(1234, 7), us(1), 1, none()), NewRamp(hz(777, 13), us(1), 0.5, none()), DC(0.25)}, NewQuantiser(16, 2, 0), 0, 1e-6)
	b := make([]byte, 2*3000)
	if c.Fill(b, 100) {
		t.Error("over range")
	}
	for i, got := range codes(b) {
		x := float64(i + 100)
		saw := 777.0 / 13 * x * 1e-6
		want := 0.5*math.Sin(2*math.Pi*1234/7*x*1e-6) + 0.5*(saw-math.Floor(saw)-0.5) + 0.25
		near(t, "volts", float64(got)/32767*2, want, 1.01*2/32767/2+1e-6)
	}
}

// TestTable compares tables of periodic signals with the same signal computed sample by sample.
func TestTable(t *testing.T) {
	t.Parallel()
	q := NewQuantiser(12, 1, 0)
	sources := func() []Source {
		return []Source{NewSine(hz(1000, 1), us(7), 1.9, none()), NewSquare(hz(500, 1), us(7), 0.2, none(), units.Rat(1, 2))}
	}
	tabled := NewChannel(sources(), q, 0, 7e-6)
	if tabled.table == nil || tabled.period != 2000 {
		t.Fatalf("the period is %d with a table of %d bytes, want 2000", tabled.period, len(tabled.table))
	}
	computed := &Channel{sources: sources(), quant: q}
	for _, first := range []int64{0, 1, 1999, 2000, 123456789, 1 << 60} {
		for _, n := range []int{1, 7, 100, 1999, 2000, 5000, 70_000} {
			a, b := make([]byte, 2*n), make([]byte, 2*n)
			overA, overB := tabled.Fill(a, first), computed.Fill(b, first)
			if !bytes.Equal(a, b) || overA != overB {
				t.Fatalf("%d samples at %d differ (over range %v, %v)", n, first, overA, overB)
			}
		}
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		sources []Source
		want    int64
	}{
		{"nothing", nil, 1},
		{"dc", []Source{DC(1)}, 1},
		{"sine", []Source{NewSine(hz(1000, 1), us(1), 1, none())}, 1000},
		{"two", []Source{NewSine(hz(1000, 1), us(1), 1, none()), NewSine(hz(1500, 1), us(1), 1, none())}, 2000},
		{"long", []Source{NewSine(hz(1, 1), us(1), 1, none())}, 1_000_000},
		{"too long", []Source{NewSine(hz(1, 2), us(1), 1, none())}, 0},
		{"common period too long", []Source{NewSine(hz(1_000_000, 65_521), us(1), 1, none()), NewSine(hz(1_000_000, 65_519), us(1), 1, none())}, 0},
		{"noise", []Source{DC(1), NewGauss(1, 1)}, 0},
		{"pulses", []Source{NewPeriodicPulses(PulseShape{Height: 1, Width: 5}, us(100), us(1), 0)}, 100},
		{"pulses on a fraction", []Source{NewPeriodicPulses(PulseShape{Height: 1, Width: 5}, units.Seconds(100, 3e6), us(1), 0)}, 100},
		{"overlapping pulses", []Source{NewPeriodicPulses(PulseShape{Height: 1, Width: 500}, us(100), us(1), 0)}, 0},
		{"random pulses", []Source{NewRandomPulses(PulseShape{Height: 1, Width: 5}, 100, 0)}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := commonPeriod(c.sources); got != c.want {
				t.Errorf("period %d, want %d", got, c.want)
			}
		})
	}
}

func TestBandwidth(t *testing.T) {
	t.Parallel()
	const interval = 1e-9
	f := 20e6
	c := NewChannel([]Source{NewSine(hz(20_000_000, 1), units.Seconds(1, 1e9), 2, none())}, NewQuantiser(16, 1, 0), f, interval)
	whole := make([]byte, 2*20_000)
	c.Fill(whole, 0)
	v := codes(whole)[5000:15000]
	sum := 0.0
	for _, x := range v {
		sum += float64(x) / 32767 * float64(x) / 32767
	}
	near(t, "rms at the limit", math.Sqrt(sum/float64(len(v))), math.Sqrt(0.5)/math.Sqrt2, 0.05) // one pole: -3 dB
	for _, first := range []int64{1, 3000, 12_345, 100} {
		part := make([]byte, 2*700)
		c.Fill(part, first)
		if !bytes.Equal(part, whole[2*first:2*(first+700)]) {
			t.Errorf("the window at %d differs", first)
		}
	}
	if newLowPass(f, 1e-3, nil) != nil {
		t.Error("a limit far above the sample rate does something")
	}
}

func TestFillAllocatesNothing(t *testing.T) {
	shape := PulseShape{Height: 1, Width: 30, Rise: 7, Second: 40, SecondPart: 0.5, RuntPart: 0.3, RuntHeight: 0.5}
	q := NewQuantiser(14, 1, 0)
	b := make([]byte, 2*4096)
	for name, c := range map[string]*Channel{
		"table":     NewChannel([]Source{NewRamp(hz(1000, 1), us(1), 1, none())}, q, 0, 1e-6),
		"computed":  NewChannel([]Source{NewSine(hz(12345, 7), us(1), 1, none()), NewGauss(0.1, 1)}, q, 0, 1e-6),
		"pulses":    NewChannel([]Source{NewRandomPulses(shape, 100, 7)}, q, 0, 1e-6),
		"bandwidth": NewChannel([]Source{NewGauss(0.1, 1)}, q, 100e3, 1e-6),
	} {
		first := int64(0)
		run := func() { c.Fill(b, first); first += 4096 }
		for range 200 {
			run()
		}
		if n := testing.AllocsPerRun(200, run); n != 0 {
			t.Errorf("%s: %g allocations per batch", name, n)
		}
	}
}
