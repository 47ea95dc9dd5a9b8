package series

import (
	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// Linear returns how stored samples become values: value = code x scale + offset, in the unit of the series. ok is false where that differs between
// spans, where an equation gives the values, and where samples are not stored as 16-bit codes.
func (s *Series) Linear() (scale, offset float64, ok bool) {
	if s.Global.Datatype != recording.Int16 || s.Global.Equation != "" && s.Quantity == convert.Unit || s.conv.Digital() {
		return 0, 0, false
	}
	const far = 1 << 14                         // a power of two, so that dividing by it does not round
	codes := []byte{0, 0, far & 0xff, far >> 8} // two samples
	values := make([]float64, 2)
	for i := range s.Spans {
		p := &s.Spans[i]
		p.conv.Convert(values, codes, s.Quantity, p.Capture)
		a, b := (values[1]-values[0])/far, values[0]
		if i > 0 && (a != scale || b != offset) {
			return 0, 0, false
		}
		scale, offset = a, b
	}
	return scale, offset, scale != 0
}
