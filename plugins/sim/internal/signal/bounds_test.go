package signal

import (
	"encoding/binary"
	"testing"

	"github.com/scopelog/scopelog/units"
)

// TestBounds checks that no sample leaves the limits that were promised, for every source and from many places.
func TestBounds(t *testing.T) {
	t.Parallel()
	out := &Output{}
	square, err := NewWave(WaveSpec{Name: "square", Frequency: hz(10, 1), PeakToPeak: 1, Offset: 0.25, Shots: 100}, us(1))
	if err != nil {
		t.Fatal(err)
	}
	out.Restart(square, nil)
	out.Change(2_000_000, nil, nil)
	replay, err := NewReplay([]float32{1, -2, 0.5}, 0.5, 0.125, units.Rat(1, 7), true)
	if err != nil {
		t.Fatal(err)
	}
	shape := PulseShape{Height: 1, Width: 30, Rise: 4}
	double := PulseShape{Height: -1, Width: 30, Second: 5000, SecondPart: 0.5, RuntPart: 0.2, RuntHeight: 0.5}
	for name, sources := range map[string][]Source{
		"dc":            {DC(1.5)},
		"sine":          {NewSine(hz(1234, 1), us(1), 2, none())},
		"square":        {NewSquare(hz(1234, 1), us(1), -2, none(), units.Rat(1, 3))},
		"triangle":      {NewTriangle(hz(1234, 1), us(1), 2, none())},
		"ramp":          {NewRamp(hz(1234, 1), us(1), 2, none()), DC(0.5)},
		"noise":         {NewUniform(0.5, 3), NewGauss(0.1, 4)},
		"replay":        {replay},
		"loopback":      {Loopback{out, -2}},
		"pulses":        {NewPeriodicPulses(shape, us(40_000), us(1), 1)},
		"odd pulses":    {NewPeriodicPulses(shape, units.Seconds(40_001, 3e6), us(1), 1)},
		"random pulses": {NewRandomPulses(shape, 30_000, 5), NewGauss(0.01, 4)},
		"double pulses": {NewRandomPulses(double, 80_000, 6)},
	} {
		c := NewChannel(sources, NewQuantiser(12, 2, 0.1), 0, 1e-6)
		known := int64(0)
		b := make([]byte, 2*4096)
		for first := int64(0); first < 4_000_000; {
			low, high, until := c.Bounds(first)
			if until > first {
				known += min(until, 4_000_000) - first
			}
			n := int64(len(b) / 2)
			c.Fill(b, first)
			for i := range min(n, max(until-first, 0)) {
				if v := int32(int16(binary.LittleEndian.Uint16(b[2*i:]))); v < low || v > high {
					t.Fatalf("%s: sample %d is %d, not between %d and %d", name, first+i, v, low, high)
				}
			}
			if until-first > 3*n { // the end of the promise is where a slip would be
				first = min(until, 4_000_000) - n
				if first < 4_000_000-n {
					if l2, h2, _ := c.Bounds(first); l2 < low || h2 > high {
						c.Fill(b, first)
						for i := range n {
							if v := int32(int16(binary.LittleEndian.Uint16(b[2*i:]))); v < low || v > high {
								t.Fatalf("%s: sample %d is %d, not between %d and %d", name, first+i, v, low, high)
							}
						}
					}
				}
			}
			first += n
		}
		if known < 1_900_000 {
			t.Errorf("%s: limits are known of %d samples only", name, known)
		}
	}
	limited := NewChannel([]Source{DC(1)}, NewQuantiser(12, 2, 0), 1000, 1e-6)
	if _, _, until := limited.Bounds(5); until != 5 {
		t.Error("a filtered input has limits")
	}
}

// TestOutputHoldsItsParts checks that a piece may span changes, and that what is over stays as it was.
func TestOutputHoldsItsParts(t *testing.T) {
	t.Parallel()
	dc := func(v float64) *Wave {
		w, err := NewWave(WaveSpec{Name: "dc", Offset: v}, us(1))
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	o := &Output{}
	o.Restart(dc(1), nil)
	o.Change(10, dc(2), nil)
	o.Change(20, nil, nil)
	o.Change(30, dc(4), nil)
	o.Change(30, dc(3), nil) // the later one counts
	for first := range int64(40) {
		for i, got := range volts(Loopback{o, 0.5}, first, 40) {
			at := first + int64(i)
			want := []float64{0.5, 1, 0, 1.5}[min(at/10, 3)]
			if got != want {
				t.Fatalf("sample %d in a piece from %d on: %g, want %g", at, first, got, want)
			}
		}
	}
	for i := int64(40); i < 40+3*maxParts; i++ {
		o.Change(i, dc(float64(i)), nil)
	}
	if got := volts(Loopback{o, 1}, 39+3*maxParts, 1)[0]; got != float64(39+3*maxParts) || len(o.parts) > maxParts {
		t.Errorf("%g after %d changes, %d remembered", got, 3*maxParts, len(o.parts))
	}
}
