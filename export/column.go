package export

import (
	"errors"
	"fmt"
	"io"
	"math"
	"sort"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// span is one capture as far as it can be read: samples that follow each other, of one scale.
type span struct {
	conv    *convert.Converter
	capture *recording.Capture
	device  int64 // device index of the first sample
	stream  int64 // its stream index
	samples int64
	start   recording.Timestamp
}

func (s span) end() int64 { return s.device + s.samples }

// column is one stream under the same settings.
type column struct {
	stream   *recording.Stream
	global   recording.Global // of its first segment here
	interval recording.Fraction
	quantity convert.Quantity
	spans    []span
	raw      []byte // for read
}

// add takes over the captures of a segment.
func (c *column) add(g *recording.Segment) error {
	conv, err := convert.New(&g.Global)
	if err != nil {
		return err
	}
	captures := g.Captures()
	for i := range captures {
		end := g.End()
		if i+1 < len(captures) {
			end = min(end, captures[i+1].SampleStart)
		}
		from := captures[i].SampleStart
		if end > from {
			c.spans = append(c.spans, span{conv, &captures[i], captures[i].GlobalIndex, from, end - from, captures[i].Datetime})
		}
	}
	return nil
}

// whole tells that the column holds whole numbers.
func (c *column) whole() bool {
	return c.global.Datatype != recording.Float32 && (c.quantity == convert.Counts || c.spans[0].conv.Digital())
}

// unit names the unit of the values.
func (c *column) unit() string { return c.spans[0].conv.Name(c.quantity) }

// stretch is a range of device indexes without loss inside.
type stretch struct {
	from, to int64
	gap      *recording.Gap // before it
}

// stretches returns the stretches inside [from, to). Those that follow each other without a gap are one.
func (c *column) stretches(from, to int64) []stretch {
	var list []stretch
	for _, s := range c.spans {
		lo, hi := max(s.device, from), min(s.end(), to)
		if lo >= hi {
			continue
		}
		if n := len(list); n > 0 && list[n-1].to == lo && s.capture.Gap == nil {
			list[n-1].to = hi
			continue
		}
		list = append(list, stretch{lo, hi, s.capture.Gap})
	}
	return list
}

// read fills dst with the values from a device index on, NaN where there is none, and returns how many there are not.
func (c *column) read(dst []float64, device int64) (missing int64, err error) {
	end := device + int64(len(dst))
	k := sort.Search(len(c.spans), func(k int) bool { return c.spans[k].end() > device })
	at := device
	for ; k < len(c.spans) && c.spans[k].device < end; k++ {
		s := &c.spans[k]
		from, to := max(s.device, at), min(s.end(), end)
		if from >= to {
			continue
		}
		missing += blank(dst[at-device : from-device])
		if err := c.readSpan(dst[from-device:to-device], s, s.stream+from-s.device); err != nil {
			return missing, err
		}
		at = to
	}
	return missing + blank(dst[at-device:]), nil
}

func blank(dst []float64) int64 {
	for i := range dst {
		dst[i] = math.NaN()
	}
	return int64(len(dst))
}

// readSpan reads values that one span holds, from a stream index on.
func (c *column) readSpan(dst []float64, s *span, streamIndex int64) error {
	n := len(dst) * c.global.Datatype.Size()
	if len(c.raw) < n {
		c.raw = make([]byte, n)
	}
	got, err := c.stream.ReadAt(c.raw[:n], streamIndex)
	if got < len(dst) {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("read samples of %s: %w", c.stream.Name(), err)
	}
	s.conv.Convert(dst, c.raw[:n], c.quantity, s.capture)
	return nil
}
