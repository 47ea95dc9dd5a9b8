package signal

import (
	"errors"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/units"
)

func TestReplay(t *testing.T) {
	t.Parallel()
	values := []float32{1, 2, 3}
	for _, c := range []struct {
		name  string
		per   units.Rational
		loop  bool
		first int64
		want  []float64
	}{
		{"loop", units.Rat(1, 1), true, 0, []float64{3, 5, 7, 3, 5, 7, 3}},
		{"loop, window inside", units.Rat(1, 1), true, 3_000_000_000_001, []float64{5, 7, 3, 5}},
		{"once", units.Rat(1, 1), false, 0, []float64{3, 5, 7, 7, 7, 7}},
		{"once, far out", units.Rat(1, 1), false, 1 << 60, []float64{7, 7}},
		{"slower", units.Rat(1, 3), true, 0, []float64{3, 3, 3, 5, 5, 5, 7, 7, 7, 3}},
		{"slower, once", units.Rat(1, 2), false, 4, []float64{7, 7, 7, 7}},
		{"faster", units.Rat(2, 1), true, 0, []float64{3, 7, 5, 3, 7, 5}},
		{"odd rate", units.Rat(2, 3), true, 0, []float64{3, 3, 5, 7, 7, 3, 5, 5, 7, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := NewReplay(values, 2, 1, c.per, c.loop)
			if err != nil {
				t.Fatal(err)
			}
			if got := volts(r, c.first, len(c.want)); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if r.Period() != 0 && (!c.loop || c.per != units.Rat(1, 1)) {
				t.Error("it says that it is periodic")
			}
		})
	}
	for _, per := range []units.Rational{units.Rat(0, 1), units.Rat(-1, 1), units.Rat(1<<62, 1), units.Rat(1, 1<<62)} {
		if _, err := NewReplay(values, 1, 0, per, true); !errors.Is(err, ErrTooLong) {
			t.Errorf("%v values per sample: %v", per, err)
		}
	}
}

func TestPorts(t *testing.T) {
	t.Parallel()
	make1 := func(s *Stepped, err error) Port {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	replay, err := NewReplayPort([]byte{9, 8}, units.Rat(1, 2), true)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		p     Port
		first int64
		want  []byte
	}{
		{"constant", Constant(0xa5), 5, []byte{0xa5, 0xa5}},
		{"counter", make1(NewCounter(hz(0, 1), us(1), 0)), 254, []byte{254, 255, 0, 1}},
		{"high counter", make1(NewCounter(hz(0, 1), us(1), 1)), 254, []byte{0, 0, 1, 1}},
		{"slow counter", make1(NewCounter(hz(500_000, 1), us(1), 0)), 0, []byte{0, 0, 1, 1, 2}},
		{"counter far out", make1(NewCounter(hz(0, 1), us(1), 0)), 1<<40 + 7, []byte{7, 8}},
		{"walking", make1(NewWalking(hz(0, 1), us(1))), 0, []byte{1, 2, 4, 8, 16, 32, 64, 128, 1}},
		{"clock", make1(NewClock(hz(250_000, 1), us(1))), 0, []byte{255, 255, 0, 0, 255, 255, 0}},
		{"replay", replay, 1, []byte{9, 8, 8, 9, 9}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := make([]byte, len(c.want))
			c.p.Fill(got, c.first)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	a, b := make([]byte, 50), make([]byte, 40)
	RandomPort(3).Fill(a, 0)
	RandomPort(3).Fill(b, 10)
	if !slices.Equal(a[10:], b) {
		t.Error("random bytes depend on the window")
	}
}
