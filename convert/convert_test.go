package convert

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/formula"
	"github.com/scopelog/scopelog/recording"
)

func ptr[T any](v T) *T { return &v }

// analog is a channel of +-5 V behind a x10 probe with a current clamp of 100 A/V and an offset of 1 V.
func analog() recording.Global {
	return recording.Global{
		Stream: "cell.A", Datatype: recording.Int16, Unit: "A", VoltsPerCount: ptr(0.0001), Probe: ptr(10.0), AnalogOffset: ptr(1.0),
		Sensor: &recording.Sensor{Scale: 100, Offset: 0.5}, Scale: 0.1, Offset: -99.5, Codes: &[2]int64{-5000, 5000},
	}
}

func TestConvert(t *testing.T) {
	plain := recording.Global{Stream: "s", Datatype: recording.Int16, Unit: "V", Scale: 0.5, Offset: 1}
	withEquation := analog()
	withEquation.Equation = "v > 0 ? pow(v, 2) : sqrt(v)"
	rescaled := &recording.Capture{Scale: ptr(0.2), Offset: ptr(-199.5)} // twice the range, offset 2 V
	for _, c := range []struct {
		name    string
		g       recording.Global
		q       Quantity
		capture *recording.Capture
		count   int64
		want    float64
	}{
		{"counts", analog(), Counts, nil, -7, -7},
		{"counts of a capture with its own scale", analog(), Counts, rescaled, -7, -7},
		{"volts at the tip", analog(), Volts, nil, 2000, 1},
		{"unit", analog(), Unit, nil, 2000, 100.5},
		{"volts, own scale", analog(), Volts, rescaled, 2000, 2},
		{"unit, own scale", analog(), Unit, rescaled, 2000, 200.5},
		{"unit, own offset only", analog(), Unit, &recording.Capture{Offset: ptr(0.5)}, 2000, 200.5},
		{"volts, own offset only", analog(), Volts, &recording.Capture{Offset: ptr(0.5)}, 2000, 2},
		{"capture without a scale", analog(), Unit, &recording.Capture{}, 2000, 100.5},
		{"equation", withEquation, Unit, nil, 4000, 9},
		{"equation, own scale", withEquation, Unit, rescaled, 2000, 4},
		{"equation without result", withEquation, Unit, nil, 0, math.NaN()},
		{"volts beside an equation", withEquation, Volts, nil, 0, -1},
		{"no volts per count but volts", plain, Volts, nil, 3, 2.5},
		{"the same in the unit", plain, Unit, nil, 3, 2.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			conv, err := New(&c.g)
			if err != nil {
				t.Fatal(err)
			}
			dst := make([]float64, 2)
			src := binary.LittleEndian.AppendUint16(nil, uint16(c.count))
			conv.Convert(dst, append(src, src...), c.q, c.capture)
			for _, got := range dst {
				if math.IsNaN(got) != math.IsNaN(c.want) || math.Abs(got-c.want) > 1e-12 {
					t.Errorf("got %v, want %v", got, c.want)
				}
			}
		})
	}
}

func TestDatatypes(t *testing.T) {
	for _, c := range []struct {
		datatype recording.Datatype
		src      []byte
		want     []float64
	}{
		{recording.Int16, []byte{0xff, 0x7f, 0, 0x80, 0xff, 0xff}, []float64{32767, -32768, -1}},
		{recording.Uint8, []byte{0, 128, 255}, []float64{0, 128, 255}},
		{recording.Int8, []byte{0, 128, 127}, []float64{0, -128, 127}},
		{recording.Int32, []byte{1, 0, 0, 0x80}, []float64{-2147483647}},
		{recording.Float32, binary.LittleEndian.AppendUint32(nil, math.Float32bits(-2.5)), []float64{-2.5}},
	} {
		t.Run(string(c.datatype), func(t *testing.T) {
			conv, err := New(&recording.Global{Datatype: c.datatype, Scale: 2, Unit: "V"})
			if err != nil {
				t.Fatal(err)
			}
			dst := make([]float64, len(c.want))
			conv.Convert(dst, c.src, Counts, nil)
			for i, w := range c.want {
				if dst[i] != w {
					t.Errorf("count %d is %v, want %v", i, dst[i], w)
				}
			}
			conv.Convert(dst, c.src, Unit, nil)
			for i, w := range c.want {
				if dst[i] != 2*w {
					t.Errorf("value %d is %v, want %v", i, dst[i], 2*w)
				}
			}
		})
	}
}

func TestRefused(t *testing.T) {
	broken, zero, pins, unknown := analog(), analog(), analog(), analog()
	broken.Equation = "v +"
	zero.Sensor = &recording.Sensor{}
	unknown.Datatype = "cf32_le"
	pins = recording.Global{Stream: "cell.D0-7", Datatype: recording.Uint8, Unit: "1", Scale: 1}
	var wrong *formula.Error
	if _, err := New(&broken); !errors.As(err, &wrong) {
		t.Errorf("equation: %v", err)
	}
	if _, err := New(&zero); err == nil {
		t.Error("a sensor scale of 0 is accepted")
	}
	if _, err := New(&unknown); err == nil {
		t.Error("an unknown type is accepted")
	}
	c, err := New(&pins)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Has(Volts); !errors.Is(err, ErrNoVolts) {
		t.Errorf("volts of pins: %v", err)
	}
	if c.Has(Unit) != nil || c.Name(Unit) != "counts" || !c.Digital() {
		t.Error("pins are not themselves")
	}
	pins.Equation = "v"
	if _, err := New(&pins); !errors.Is(err, ErrNoVolts) {
		t.Errorf("equation over pins: %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("half a sample is accepted")
		}
	}()
	c.Convert(make([]float64, 1), []byte{1, 2}, Counts, nil)
}

func TestSpan(t *testing.T) {
	g := analog()
	for _, c := range []struct {
		name, equation string
		q              Quantity
		low, high      float64
		ok             bool
	}{
		{"volts", "", Volts, -6, 4, true},
		{"unit", "", Unit, -599.5, 400.5, true},
		{"counts", "", Counts, -5000, 5000, true},
		{"an equation that is not monotonic", "pow(v + 1, 2)", Unit, 0, 25, true},
		{"an equation with results in a part", "sqrt(v)", Unit, 0, 2, true},
		{"an equation without results", "sqrt(-7 - v)", Unit, 0, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g.Equation = c.equation
			conv, err := New(&g)
			if err != nil {
				t.Fatal(err)
			}
			low, high, ok := conv.Span(c.q)
			if ok != c.ok || ok && (math.Abs(low-c.low) > 0.13 || math.Abs(high-c.high) > 1e-9) {
				t.Errorf("from %v to %v (%v), want %v to %v", low, high, ok, c.low, c.high)
			}
		})
	}
	g.Codes, g.Equation = nil, ""
	if conv, err := New(&g); err != nil {
		t.Error(err)
	} else if _, _, ok := conv.Span(Unit); ok {
		t.Error("a range that is not stored is told")
	}
}

// TestInt16 compares the conversion of several samples at a time with that of one after the other, for all lengths around a group and all parts of
// the range.
func TestInt16(t *testing.T) {
	t.Parallel()
	g := analog()
	c, err := New(&g)
	if err != nil {
		t.Fatal(err)
	}
	src := make([]byte, 0, 2<<16)
	for v := range 1 << 16 {
		src = binary.LittleEndian.AppendUint16(src, uint16(v-1<<15))
	}
	for _, q := range []Quantity{Counts, Volts, Unit} {
		for _, n := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 1 << 16} {
			one, many := make([]float64, n), make([]float64, n)
			for i := range one {
				c.Convert(one[i:i+1], src[2*i:2*i+2], q, nil)
			}
			c.Convert(many, src[:2*n], q, nil)
			if diff := cmp.Diff(one, many); diff != "" {
				t.Errorf("%d samples as quantity %v (-want +got):\n%s", n, q, diff)
			}
		}
	}
}

func BenchmarkConvert(b *testing.B) {
	for _, c := range []struct {
		name, equation string
		q              Quantity
		samples        int
	}{
		{"counts/samples=65536", "", Counts, 1 << 16},
		{"counts/samples=262144", "", Counts, 1 << 18},
		{"scale/samples=65536", "", Unit, 1 << 16},
		{"scale/samples=262144", "", Unit, 1 << 18},
		{"equation/samples=65536", "pow(v, 2) / 50", Unit, 1 << 16},
	} {
		b.Run(c.name, func(b *testing.B) {
			g := analog()
			g.Equation = c.equation
			conv, err := New(&g)
			if err != nil {
				b.Fatal(err)
			}
			src, dst := make([]byte, 2*c.samples), make([]float64, c.samples)
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				conv.Convert(dst, src, c.q, nil)
			}
		})
	}
}
