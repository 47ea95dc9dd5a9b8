package filter

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

// hardCase is a random design with a signal that is hard: full scale, 1e270, 1e-270, next to nothing, or just long enough to be filtered both ways.
type hardCase struct {
	Design         goldenDesign
	Signal         string
	Exponent, Size int
	Seed           uint64
	Rest, Steady   []float64
	Both           []float64 // nil where SciPy refuses: not longer than the extension
}

// TestHardSignals compares with the SciPy of this machine.
func TestHardSignals(t *testing.T) {
	t.Parallel()
	var list []hardCase
	if err := json.Unmarshal(scipytest.Run(t, "testdata/live.py", "11"), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 200 {
		t.Fatalf("%d cases", len(list))
	}
	for i := range list {
		c := &list[i]
		t.Run(fmt.Sprintf("%d/%s", i, c.Signal), func(t *testing.T) { c.check(t) })
	}
}

func (c *hardCase) check(t *testing.T) {
	sos := mustSOS(t, c.Design.design(t))
	x := scipytest.Signal(c.Signal, c.Size, c.Seed)
	for i := range x {
		x[i] = math.Ldexp(x[i], c.Exponent)
	}
	f, err := NewFilter(sos)
	if err != nil {
		t.Fatal(err)
	}
	c.compare(t, "sosfilt", f.Process(nil, x), c.Rest, x)
	f.SteadyState(x[0])
	c.compare(t, "sosfilt_zi", f.Process(nil, x), c.Steady, x)
	both, err := sos.FiltFilt(nil, x)
	if c.Both == nil {
		var short *ShortError
		if !errors.As(err, &short) {
			t.Errorf("%v of %d samples both ways: error %v, want that they are too few", c.Design, c.Size, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	c.compare(t, "sosfiltfilt", both, c.Both, x)
}

// compare allows 1e-9 of each value and of the largest in or out: a high-pass leaves of a constant what is rounded off.
func (c *hardCase) compare(t *testing.T, name string, got, want, x []float64) {
	t.Helper()
	largest := math.SmallestNonzeroFloat64 * 1e9 * 8
	for _, v := range append(append([]float64(nil), want...), x...) {
		largest = max(largest, math.Abs(v))
	}
	for i, w := range want {
		if off := math.Abs(got[i] - w); !(off <= 1e-9*math.Abs(w)+1e-9*largest) {
			t.Errorf("%v, %s of %d samples times 2^%d: y[%d] = %g, want %g", c.Design, name, c.Size, c.Exponent, i, got[i], w)
			return
		}
	}
}
