package measure

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCrossings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		hysteresis float64
		x          []float64
		want       []Crossing
	}{
		{"empty", 0, nil, nil},
		{"constant at the level", 0, []float64{1, 1, 1}, nil},
		{"interpolated", 0, []float64{0, 4, -2}, []Crossing{{true, 10, 0.25}, {false, 11, 0.5}}},
		{"a sample at the level", 0, []float64{0, 1, 2, 1, 0}, []Crossing{{true, 10, 1}, {false, 12, 1}}},
		{"a touch from below", 0, []float64{0, 1, 0, 2}, []Crossing{{true, 12, 0.5}}},
		{"within the hysteresis the last one", 2, []float64{0, 1.5, 0.5, 2}, []Crossing{{true, 12, 1.0 / 3}}},
		{"too small", 2, []float64{0, 1.9, 0, 1.9}, nil},
		{"NaN is a gap", 0, []float64{0, nan, 2, 0}, []Crossing{{false, 12, 0.5}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []Crossing
			c := NewCrossings(1, tt.hysteresis, func(c Crossing) { got = append(got, c) })
			c.Break(10)
			c.Add(tt.x)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	a, b := Crossing{true, 1 << 60, 0.25}, Crossing{true, 1<<60 + 3, 0.5}
	if d := b.Since(a); d != 3.25 {
		t.Errorf("distance %v, want 3.25", d)
	}
}
