package recorder

import (
	"testing"
	"time"
)

func TestRest(t *testing.T) {
	repeat := func(n int, fill float64) []float64 {
		f := make([]float64, n)
		for i := range f {
			f[i] = fill
		}
		return f
	}
	for _, tc := range []struct {
		name  string
		fills []float64
		want  time.Duration
	}{
		{"at the start", nil, 0},
		{"not calm yet", repeat(calmPasses-1, 0), 0},
		{"nearly empty for long", repeat(100, 0.001), longRest},
		{"filled a little", repeat(100, 0.1), shortRest},
		{"as fast as it is drained", repeat(100, 0.9), 0},
		{"a burst", append(repeat(100, 0), 0.5), 0},
		{"calm again: rests less than before", append(append(repeat(100, 0), 0.5), repeat(calmPasses, 0.1)...), longRest / 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var r rest
			for _, f := range tc.fills {
				r.saw(f)
			}
			if got := r.next(); got != tc.want {
				t.Errorf("%v, want %v", got, tc.want)
			}
		})
	}
}
