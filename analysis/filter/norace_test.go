//go:build !race

package filter

import "testing"

// Once a stream is under way, none of its samples is worth an allocation.
func TestStreamsAllocateNothing(t *testing.T) {
	s := mustSOS(t, Design{Order: 4, Cutoff: 10e3, Rate: 1e6})
	f, err := NewFilter(s)
	if err != nil {
		t.Fatal(err)
	}
	z, err := NewZeroPhase(s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	taps := mustFIR(t, FIRDesign{Taps: 301, Cutoff: 10e3, Rate: 1e6})
	fir, err := NewFIRZeroPhase(taps, Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewConvolver(taps, Options{})
	if err != nil {
		t.Fatal(err)
	}
	x := noise(1, 1<<16, 0)
	dst := make([]float64, 4*len(x))
	for name, process := range map[string]func(){
		"Filter":       func() { f.Process(dst[:len(x)], x) },
		"ZeroPhase":    func() { z.Process(dst[:0], x) },
		"FIRZeroPhase": func() { fir.Process(dst[:0], x) },
		"Convolver":    func() { c.Process(dst[:0], x) },
	} {
		for range 10 {
			process()
		}
		if n := testing.AllocsPerRun(20, process); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
