package recording

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
)

// ReadAt reads whole samples as they are stored, from the one at streamIndex on, over the borders of segments and of gaps, until dst is full
// or the stream ends. It returns how many samples it read; fewer than fit come with an error: io.EOF behind the last sample, a
// [*RangeError] where a file is missing or too short and where samples were removed by a rule of the plan, a [*DamagedError] in front of samples that are not handed out. dst should hold a
// whole number of samples; what is left over is not touched.
func (s *Stream) ReadAt(dst []byte, streamIndex int64) (samples int, err error) {
	if streamIndex < s.Start() {
		return 0, &RangeError{s.name, streamIndex, streamIndex, s.Start(), s.End()}
	}
	k := sort.Search(len(s.segments), func(k int) bool { return s.segments[k].Start > streamIndex }) - 1
	for ; k < len(s.segments); k++ {
		g := s.segments[k]
		size := g.Global.Datatype.Size()
		if streamIndex < g.Start { // what was in between was not kept, or is missing
			if len(dst) < size {
				return samples, nil
			}
			return samples, &RangeError{s.name, streamIndex, g.Start, g.Start, g.End()}
		}
		n := min(int64(len(dst)/size), g.End()-streamIndex)
		if n > 0 {
			got, err := s.readSegment(g, dst[:n*int64(size)], streamIndex, n)
			samples += int(got)
			streamIndex += got
			dst = dst[got*int64(size):]
			if err != nil {
				return samples, err
			}
		}
		if len(dst) < size {
			return samples, nil
		}
		if g.Missing > 0 {
			return samples, &RangeError{s.name, streamIndex, streamIndex + g.Missing, g.Start, g.End()}
		}
	}
	return samples, io.EOF
}

// readSegment reads n samples of one segment, fewer when hidden ones follow.
func (s *Stream) readSegment(g *Segment, dst []byte, streamIndex, n int64) (int64, error) {
	size := int64(g.Global.Datatype.Size())
	var stop error
	if a, ok := s.overlap(streamIndex, streamIndex+n); ok {
		n = max(0, a.SampleStart-streamIndex)
		stop = &DamagedError{s.name, a.SampleStart, a.End(), a.Label}
	}
	if n == 0 {
		return 0, stop
	}
	f, err := s.fs.OpenFile(filepath.Join(s.dir, g.DataFile()), os.O_RDONLY, 0)
	if err != nil {
		return 0, fmt.Errorf("stream %s: %w", s.name, err)
	}
	defer f.Close()
	got, err := f.ReadAt(dst[:n*size], (streamIndex-g.Start)*size)
	if int64(got) < n*size {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return int64(got) / size, fmt.Errorf("stream %s: read %s: %w", s.name, g.DataFile(), err)
	}
	return n, stop
}

// ReadRange reads samples as they are stored from device index from up to to, which must be contiguous, into dst, which must hold them.
// The errors are those of [Stream.Contiguous] and [Stream.ReadAt].
func (s *Stream) ReadRange(dst []byte, from, to int64) (samples int, err error) {
	r, err := s.contiguous(from, to)
	if err != nil {
		return 0, err
	}
	size := int64(s.Global().Datatype.Size())
	if n := to - from; n > int64(len(dst))/size {
		return 0, fmt.Errorf("stream %s: read %d samples: %w", s.name, n, io.ErrShortBuffer)
	}
	return s.ReadAt(dst[:(to-from)*size], r.StreamIndex+from-r.From)
}

// valuesBytes is how much Values reads at once; a multiple of every sample size.
const valuesBytes = 256 << 10

// Values reads samples like [Stream.ReadAt] and converts them into daq:unit, each by the scale and offset of its own capture.
func (s *Stream) Values(dst []float64, streamIndex int64) (samples int, err error) {
	buf := make([]byte, min(valuesBytes, 4*len(dst)))
	for samples < len(dst) {
		p, ok := s.pieceAt(streamIndex)
		if !ok {
			if streamIndex >= s.End() {
				return samples, io.EOF
			}
			return samples, &RangeError{s.name, streamIndex, streamIndex + int64(len(dst)-samples), s.Start(), s.End()}
		}
		sc := p.scaling()
		t := p.segment.Global.Datatype
		n := min(int64(len(dst)-samples), p.end-streamIndex, int64(len(buf)/t.Size()))
		got, err := s.ReadAt(buf[:n*int64(t.Size())], streamIndex)
		for i := range got {
			dst[samples+i] = storedValue(buf[i*t.Size():], t)*sc.Scale + sc.Offset
		}
		samples += got
		streamIndex += int64(got)
		if err != nil {
			return samples, err
		}
	}
	return samples, nil
}
