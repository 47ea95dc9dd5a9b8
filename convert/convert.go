package convert

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/scopelog/scopelog/formula"
	"github.com/scopelog/scopelog/recording"
)

// Quantity says what stored samples become.
type Quantity int

// The quantities. Unit is the channel's unit: volts where the plan gives no other.
const (
	Unit Quantity = iota
	Volts
	Counts
)

// String returns "unit", "volts" or "counts".
func (q Quantity) String() string { return [...]string{"unit", "volts", "counts"}[q] }

// ErrNoVolts is returned where a stream has no volts: digital ports, and drivers that deliver another quantity.
var ErrNoVolts = errors.New("the stream has no volts")

// line is value = count x a + b.
type line struct{ a, b float64 }

// Converter converts the samples of one segment of a stream. It does not change and may be used from any goroutine.
type Converter struct {
	g        recording.Global
	equation *formula.Formula // nil: none
	sensor   recording.Sensor
	hasVolts bool
}

// New makes a converter of what a segment's metadata say. The error is a [*formula.Error] for an equation that this version cannot
// compute; other errors are of metadata that contradict themselves.
func New(g *recording.Global) (*Converter, error) {
	c := &Converter{g: *g, sensor: recording.Sensor{Scale: 1}}
	if g.Datatype.Size() == 0 {
		return nil, fmt.Errorf("stream %s: data type %q is not known", g.Stream, g.Datatype)
	}
	if g.Sensor != nil {
		c.sensor = *g.Sensor
	}
	if c.sensor.Scale == 0 {
		return nil, fmt.Errorf("stream %s: the scale of its sensor is 0", g.Stream)
	}
	c.hasVolts = g.VoltsPerCount != nil || g.Sensor != nil || g.Unit == "V"
	if g.Equation != "" {
		f, err := formula.Compile(g.Equation, formula.Variable{Name: "v", Meaning: "the volts at the tip"})
		if err != nil {
			return nil, fmt.Errorf("stream %s: %w", g.Stream, err)
		}
		if !c.hasVolts {
			return nil, fmt.Errorf("stream %s has an equation: %w", g.Stream, ErrNoVolts)
		}
		c.equation = f
	}
	return c, nil
}

// Has returns nil when the stream has the quantity, else [ErrNoVolts] with its name.
func (c *Converter) Has(q Quantity) error {
	if q == Volts && !c.hasVolts {
		return fmt.Errorf("stream %s: %w", c.g.Stream, ErrNoVolts)
	}
	return nil
}

// Name returns the unit of a quantity, for people: "A", "V", "counts".
func (c *Converter) Name(q Quantity) string {
	switch {
	case q == Volts:
		return "V"
	case q == Counts || c.Digital():
		return "counts"
	}
	return c.g.Unit
}

// Digital tells that the samples are the pins of a port: they have no unit, and are themselves in every quantity.
func (c *Converter) Digital() bool {
	return c.g.Datatype == recording.Uint8 && c.g.VoltsPerCount == nil && c.g.Sensor == nil && c.g.Unit == "1"
}

// lineOf returns the straight part of a conversion for samples of a capture; nil stands for the settings of the segment. Volts follow from
// scale and offset, which captures have of their own, and not from volts per count, which they have not.
func (c *Converter) lineOf(q Quantity, capture *recording.Capture) line {
	if q == Counts {
		return line{1, 0}
	}
	value := line{c.g.Scale, c.g.Offset}
	if capture != nil && capture.Scale != nil {
		value.a = *capture.Scale
	}
	if capture != nil && capture.Offset != nil {
		value.b = *capture.Offset
	}
	if q == Unit && c.equation == nil {
		return value
	}
	return line{value.a / c.sensor.Scale, (value.b - c.sensor.Offset) / c.sensor.Scale}
}

// SameCounts tells that a count stands for as much in a capture as in one of another converter: for as many volts where there are some, so that the
// sensor does not matter, else for as much of the unit. It allows for rounding. A nil capture stands for the settings of the segment.
func (c *Converter) SameCounts(capture *recording.Capture, o *Converter, other *recording.Capture) bool {
	q := Volts
	if !c.hasVolts || !o.hasVolts {
		q = Unit
	}
	a, b := c.lineOf(q, capture), o.lineOf(q, other)
	near := func(x, y, size float64) bool { return math.Abs(x-y) <= 1e-9*size }
	size := max(math.Abs(a.a), math.Abs(b.a))
	return near(a.a, b.a, size) && near(a.b, b.b, max(math.Abs(a.b), math.Abs(b.b), size))
}

// Convert turns stored samples into values of a quantity. src holds len(dst) whole samples of the segment's type, else Convert panics.
// capture is the one that the samples belong to, for a scale of its own; nil: the segment's. Nothing is allocated.
func (c *Converter) Convert(dst []float64, src []byte, q Quantity, capture *recording.Capture) {
	if want := len(dst) * c.g.Datatype.Size(); len(src) != want {
		panic(fmt.Sprintf("convert: src has %d bytes and dst needs %d", len(src), want))
	}
	l := c.lineOf(q, capture)
	switch {
	case q != Counts && c.g.Datatype == recording.Int16:
		lineInt16(dst, src, l)
	case q == Counts:
		decode(dst, src, c.g.Datatype)
	default:
		decode(dst, src, c.g.Datatype)
		for i, n := range dst {
			dst[i] = float64(n*l.a) + l.b // the conversion forbids fusing both, which not all machines do
		}
	}
	if q == Unit && c.equation != nil {
		c.equation.Apply(dst, dst)
	}
}

// decode turns little-endian items into numbers.
func decode(dst []float64, src []byte, t recording.Datatype) {
	switch t {
	case recording.Int16:
		decodeInt16(dst, src)
	case recording.Uint8:
		for i, b := range src {
			dst[i] = float64(b)
		}
	case recording.Int8:
		for i, b := range src {
			dst[i] = float64(int8(b))
		}
	case recording.Int32:
		for i := range dst {
			dst[i] = float64(int32(binary.LittleEndian.Uint32(src[4*i:])))
		}
	case recording.Float32:
		for i := range dst {
			dst[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:])))
		}
	}
}

// spanPoints is at how many places Span computes an equation.
const spanPoints = 257

// Span returns the smallest and the largest value that the channel can measure, in a quantity; of an equation what it has at 257 places
// of the range. ok is false when the range is not stored or the equation has no finite result in it.
func (c *Converter) Span(q Quantity) (low, high float64, ok bool) {
	if c.g.Codes == nil || c.Has(q) != nil {
		return 0, 0, false
	}
	first, last := float64(c.g.Codes[0]), float64(c.g.Codes[1])
	l := c.lineOf(q, nil)
	values := make([]float64, spanPoints)
	for i := range values {
		n := first + (last-first)*float64(i)/(spanPoints-1)
		values[i] = float64(n*l.a) + l.b
	}
	if q == Unit && c.equation != nil {
		c.equation.Apply(values, values)
	}
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high, low <= high
}
