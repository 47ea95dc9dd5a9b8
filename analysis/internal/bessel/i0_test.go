package bessel

import (
	"math"
	"testing"
)

func TestI0(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ x, plain, scaled float64 }{
		{0, 1.0, 1.0},
		{0.5, 1.0634833707413235193, 0.64503527044915006811},
		{3, 4.8807925858650240856, 0.24300035416182539847},
		{8.6, 750.46115956316634172, 0.13816424739806847715},
		{29.9, 708478330489.01551589, 0.073269219046001905951},
		{30, 781672297823.97748972, 0.073145946482237293929},
		{100, 1.0737517071310738235e+42, 0.039944379299096682648},
		{700, 1.5295933476718737363e+302, 0.015081295651531357587},
	} {
		if got := I0(c.x); !(math.Abs(got/c.plain-1) <= 1e-14) {
			t.Errorf("I0(%v) = %v, want %v", c.x, got, c.plain)
		}
		if got := I0Scaled(c.x); !(math.Abs(got/c.scaled-1) <= 1e-14) {
			t.Errorf("I0Scaled(%v) = %v, want %v", c.x, got, c.scaled)
		}
	}
	if got, want := I0(-3), I0(3); got != want {
		t.Errorf("I0(-3) = %v, I0(3) = %v", got, want)
	}
}
