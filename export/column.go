package export

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// span is one capture: samples that follow each other, of one scale.
type span struct {
	conv    *convert.Converter
	capture *recording.Capture
	device  int64 // device index of the first sample
	stream  int64 // its stream index
	samples int64 // that can be read
	told    int64 // that were recorded: more where files have lost some
	start   recording.Timestamp
}

// end returns the device index behind the last sample that can be read, until that behind the last one that was recorded.
func (s span) end() int64 { return s.device + s.samples }

func (s span) until() int64 { return s.device + s.told }

// column is one stream under the same settings.
type column struct {
	stream   *recording.Stream
	global   recording.Global // of its first segment here
	interval recording.Fraction
	quantity convert.Quantity
	conv     *convert.Converter // of its first segment here
	spans    []span
	raw      []byte // for read
}

// add takes over the captures of a segment.
func (c *column) add(g *recording.Segment) error {
	conv, err := convert.New(&g.Global)
	if err != nil {
		return err
	}
	if c.conv == nil {
		c.conv = conv
	}
	captures := g.Captures()
	if gap := g.NotKeptBefore(); gap != nil && len(captures) > 0 && captures[0].Waveform == nil {
		captures = slices.Clone(captures)
		captures[0].Gap = gap
	}
	for i := range captures {
		from, until := captures[i].SampleStart, g.End()+g.Missing
		if i+1 < len(captures) {
			until = min(until, captures[i+1].SampleStart)
		}
		if until > from {
			c.spans = append(c.spans, span{conv, &captures[i], captures[i].GlobalIndex, from, max(0, min(g.End(), until)-from), until - from, captures[i].Datetime})
		}
	}
	return nil
}

// lacks takes over what is missing beside the segments that are left.
func (c *column) lacks(m recording.MissingRange) {
	if len(c.spans) == 0 {
		return
	}
	if last := &c.spans[len(c.spans)-1]; m.From >= last.stream {
		last.told = max(last.told, m.To-last.stream)
		return
	}
	first := c.spans[0]
	if m.To > first.stream { // told by the segments
		return
	}
	capture := *first.capture
	capture.Gap, capture.Waveform = nil, nil
	start := first.start - recording.Timestamp(c.interval.NS(first.device-m.DeviceFrom))
	c.spans = slices.Insert(c.spans, 0, span{first.conv, &capture, m.DeviceFrom, m.From, 0, min(m.To-m.From, first.device-m.DeviceFrom), start})
}

// whole tells that the column holds whole numbers.
func (c *column) whole() bool {
	return c.global.Datatype != recording.Float32 && (c.quantity == convert.Counts || c.conv.Digital())
}

// unit names the unit of the values.
func (c *column) unit() string { return c.conv.Name(c.quantity) }

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

// complete tells that no sample of [from, to) is missing.
func (c *column) complete(from, to int64) bool {
	list := c.stretches(from, to)
	return len(list) == 1 && list[0].from == from && list[0].to == to
}

// holes returns what files have lost of the samples inside [from, to), as stretches.
func (c *column) holes(from, to int64) []stretch {
	var list []stretch
	for _, s := range c.spans {
		lo, hi := max(s.end(), from), min(s.until(), to)
		if lo >= hi {
			continue
		}
		if n := len(list); n > 0 && list[n-1].to == lo {
			list[n-1].to = hi
			continue
		}
		list = append(list, stretch{from: lo, to: hi})
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
