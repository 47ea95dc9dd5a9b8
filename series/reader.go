package series

import (
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
)

// Reader reads the values of a series. It may be used by one goroutine at a time; a series may have several.
type Reader struct {
	s   *Series
	raw []byte

	fetched []byte // samples from a stream index on, so many are held
	from    int64
	held    int64
}

// Reader returns a reader of the series.
func (s *Series) Reader() *Reader { return &Reader{s: s} }

// Read fills dst with the values from a device index on, NaN where there is none, and returns how many there are not. Errors are those of
// [recording.Stream.ReadAt].
func (r *Reader) Read(dst []float64, device int64) (missing int64, err error) {
	spans := r.s.Spans
	end := device + int64(len(dst))
	k := sort.Search(len(spans), func(k int) bool { return spans[k].End() > device })
	at := device
	for ; k < len(spans) && spans[k].Device < end; k++ {
		p := &spans[k]
		from, to := max(p.Device, at), min(p.End(), end)
		if from >= to {
			continue
		}
		missing += blank(dst[at-device : from-device])
		if err := r.ReadSpan(dst[from-device:to-device], p, p.Stream+from-p.Device); err != nil {
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

// ReadSpan fills dst with values that one span of the series holds, from a stream index on.
func (r *Reader) ReadSpan(dst []float64, p *Span, streamIndex int64) error {
	raw, err := r.stored(len(dst), streamIndex)
	if err != nil {
		return err
	}
	if r.s.Pin() {
		r.s.Stream.Pin.levels(dst, raw)
		return nil
	}
	p.conv.Convert(dst, raw, r.s.Quantity, p.Capture)
	return nil
}

// stored reads samples as they are stored. They are the reader's until it reads or fetches again.
func (r *Reader) stored(samples int, streamIndex int64) ([]byte, error) {
	if p := r.fetchedAt(samples, streamIndex); p != nil {
		return p, nil
	}
	n := samples * r.s.Global.Datatype.Size()
	if len(r.raw) < n {
		r.raw = make([]byte, n)
	}
	got, err := r.s.Stream.ReadAt(r.raw[:n], streamIndex)
	if got < samples {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("read samples of %s: %w", r.s.Stream.Name(), err)
	}
	return r.raw[:n], nil
}
