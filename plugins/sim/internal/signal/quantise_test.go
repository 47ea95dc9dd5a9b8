package signal

import (
	"testing"
)

func TestQuantiser(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		bits   int
		scale  float64
		offset float64
		volts  float64
		code   int16
		over   bool
	}{
		{"8 bit zero", 8, 5, 0, 0, 0, false},
		{"8 bit full scale", 8, 5, 0, 5, 32512, false},
		{"8 bit negative full scale", 8, 5, 0, -5, -32512, false},
		{"8 bit over range", 8, 5, 0, 5.01, 32512, true},
		{"8 bit under range", 8, 5, 0, -7, -32512, true},
		{"8 bit one step", 8, 127, 0, 1, 256, false},
		{"8 bit below half a step", 8, 127, 0, 0.49, 0, false},
		{"8 bit half a step up", 8, 127, 0, 0.5, 256, false},
		{"12 bit full scale", 12, 2, 0, 2, 32767, false},
		{"12 bit one step", 12, 32767, 0, 16, 16, false},
		{"12 bit rounds to steps", 12, 32767, 0, 1000, 1008, false},
		{"12 bit rounds down", 12, 32767, 0, 999, 992, false},
		{"12 bit negative full scale", 12, 2, 0, -2, -32767, false},
		{"12 bit over range", 12, 2, 0, 2.5, 32767, true},
		{"14 bit steps of four", 14, 32767, 0, 1001, 1000, false},
		{"14 bit rounds up", 14, 32767, 0, 1002.1, 1004, false},
		{"16 bit every code", 16, 32767, 0, 12345, 12345, false},
		{"16 bit rounds", 16, 32767, 0, -12345.4, -12345, false},
		{"16 bit full scale", 16, 0.01, 0, 0.01, 32767, false},
		{"16 bit over range", 16, 0.01, 0, 0.0100001, 32767, true},
		{"offset is added", 16, 32767, 100, 50, 150, false},
		{"offset brings it into range", 16, 32767, -40000, 41000, 1000, false},
		{"offset drives it over", 8, 1, 0.5, 0.6, 32512, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := NewQuantiser(c.bits, c.scale, c.offset)
			b := make([]byte, 2)
			over := q.Put(b, []float64{c.volts})
			if got := codes(b)[0]; got != c.code || over != c.over {
				t.Errorf("%g V: code %d, over range %v; want %d, %v", c.volts, got, over, c.code, c.over)
			}
		})
	}
}

func TestCodesAreLeftJustified(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{8, 12, 14, 16} {
		low, high := Codes(bits)
		q := NewQuantiser(bits, 1, 0)
		step := int32(1) << (16 - bits)
		last := int32(-1 << 30)
		b := make([]byte, 2)
		for i := -2000; i <= 2000; i++ {
			q.Put(b, []float64{float64(i) / 2000})
			v := int32(codes(b)[0])
			if v < last || v < low || v > high || v%step != 0 && v != low && v != high {
				t.Fatalf("%d bit: code %d behind %d at %g V", bits, v, last, float64(i)/2000)
			}
			last = v
		}
	}
}
