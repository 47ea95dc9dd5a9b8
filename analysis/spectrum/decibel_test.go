package spectrum

import (
	"math"
	"testing"
)

func TestDecibels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ power, want float64 }{{1, 0}, {2, 3.010299956639812}, {1e-12, -120}, {0, math.Inf(-1)}} {
		if got := Decibels(nil, []float64{c.power})[0]; got != c.want {
			t.Errorf("%v is %v dB, want %v", c.power, got, c.want)
		}
		if got := Powers(nil, []float64{c.want})[0]; math.Abs(got-c.power) > 1e-12*c.power {
			t.Errorf("%v dB is %v, want %v", c.want, got, c.power)
		}
	}
	if !math.IsNaN(Decibels(nil, []float64{math.NaN()})[0]) {
		t.Error("no number has become one")
	}
	for _, c := range []struct {
		unit    string
		scaling Scaling
		want    string
	}{{"V", Power, "dBV"}, {"A", Power, "dB re 1 A"}, {"", Power, "dB"}, {"V", Density, "dB re 1 V²/Hz"}, {"°C", Density, "dB re 1 °C²/Hz"}, {"", Density, "dB re 1/Hz"}} {
		if got := DecibelUnit(c.unit, c.scaling); got != c.want {
			t.Errorf("%q: %q, want %q", c.unit, got, c.want)
		}
	}
	for _, c := range []struct {
		unit    string
		scaling Scaling
		want    string
	}{{"V", Power, "V²"}, {"V", Density, "V²/Hz"}, {"", Density, "1/Hz"}, {"", Power, ""}} {
		if got := PowerUnit(c.unit, c.scaling); got != c.want {
			t.Errorf("%q: %q, want %q", c.unit, got, c.want)
		}
	}
}
