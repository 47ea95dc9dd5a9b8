package plot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"sort"

	"github.com/scopelog/scopelog/recording"
)

// walker goes over samples of a stream, some thousand at a time: from the overview where that is fine enough, from the samples elsewhere.
type walker struct {
	ctx    context.Context
	stream *recording.Stream
	width  int64 // device indexes of a column: what is passed on never lies in two of them
	level  int   // the coarsest level of the overview that may be used; -1: none
	row    func(p *part, from, to int64, r recording.OverviewRow) error
	raw    func(p *part, from int64, samples []byte) error
	notes  map[string]bool
	opened map[int]*recording.OverviewReader // of the present segment
	of     *recording.Segment
	buf    []byte
}

// columnWidth returns how many device indexes a column has, and the level of the overview from which it can be taken: bins of that level lie in
// one column each. samples is how many a column should have.
func columnWidth(samples float64) (width int64, level int) {
	samples = min(samples, 1<<40)
	level = -1
	for level+1 < recording.OverviewLevels && float64(recording.OverviewBinSize(level+1)) <= samples {
		level++
	}
	if level < 0 {
		return max(1, int64(samples)), -1
	}
	size := recording.OverviewBinSize(level)
	return max(1, int64(samples/float64(size))) * size, level
}

// over goes over all parts.
func (w *walker) over(parts []part) error {
	defer w.close()
	for i := range parts {
		p := &parts[i]
		if g := p.spans[0].segment; g != w.of {
			w.close()
			w.of = g
		}
		if err := w.walk(p, w.level, p.from, p.to); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) close() {
	for _, o := range w.opened {
		if o != nil {
			o.Close()
		}
	}
	w.opened = map[int]*recording.OverviewReader{}
}

// walk goes over the device indexes from one up to another: whole bins from a level of the overview, what is left on both sides from finer ones.
func (w *walker) walk(p *part, level int, from, to int64) error {
	if from >= to || from >= p.end() || to <= p.first() {
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if level < 0 {
		return w.samples(p, max(from, p.first()), min(to, p.end()))
	}
	size := recording.OverviewBinSize(level)
	lo, hi := (from+size-1)/size, to/size
	if lo >= hi {
		return w.walk(p, level-1, from, to)
	}
	o := w.open(p.spans[0].segment, level)
	if o == nil {
		return w.walk(p, level-1, from, to)
	}
	if err := w.walk(p, level-1, from, lo*size); err != nil {
		return err
	}
	done, err := w.rows(p, o, lo, hi, size)
	if err != nil {
		return err
	}
	if done < min(hi*size, p.end()) { // the segment is being recorded, and its overview is behind
		return w.walk(p, level-1, done, to)
	}
	return w.walk(p, level-1, hi*size, to)
}

// rows passes on the rows of bins and returns the device index behind the last one.
func (w *walker) rows(p *part, o *recording.OverviewReader, lo, hi, size int64) (done int64, err error) {
	done = lo * size
	failed := error(nil)
	err = o.Each(lo, hi, func(r recording.OverviewRow) {
		from, to := p.inside(r.Bin*size, (r.Bin+1)*size)
		if done = (r.Bin + 1) * size; failed == nil && from < to {
			failed = w.row(p, from, to, r)
		}
	})
	return done, errors.Join(err, failed)
}

// inside cuts a range of device indexes to the first and the last sample in it.
func (p *part) inside(from, to int64) (first, end int64) {
	k := sort.Search(len(p.spans), func(k int) bool { return p.spans[k].to > from })
	m := sort.Search(len(p.spans), func(m int) bool { return p.spans[m].from >= to }) - 1
	if k == len(p.spans) || m < k {
		return 0, 0
	}
	return max(from, p.spans[k].from), min(to, p.spans[m].to)
}

// at returns the span that holds a device index of the part.
func (p *part) at(device int64) *span {
	k := sort.Search(len(p.spans), func(k int) bool { return p.spans[k].to > device })
	return &p.spans[min(k, len(p.spans)-1)]
}

// open returns a level of a segment's overview, nil when there is none that can be read: samples are read instead.
func (w *walker) open(g *recording.Segment, level int) *recording.OverviewReader {
	if o, known := w.opened[level]; known {
		return o
	}
	o, err := w.stream.OpenOverview(g, level)
	if err != nil {
		o = nil
		if !errors.Is(err, fs.ErrNotExist) || level == 0 && g.Global.State == recording.StateSealed {
			w.notes[fmt.Sprintf("the overview of %s cannot be used, so all of its samples are read: %v", g.Base, err)] = true
		}
	}
	w.opened[level] = o
	return o
}

// readSamples is how many samples are read at once.
const readSamples = 1 << 16

// samples passes on the samples from a device index up to another, cut at columns and spans.
func (w *walker) samples(p *part, from, to int64) error {
	size := int64(p.spans[0].segment.Global.Datatype.Size())
	if int64(len(w.buf)) < readSamples*size {
		w.buf = make([]byte, readSamples*size)
	}
	for k := range p.spans {
		s := &p.spans[k]
		for at, end := max(from, s.from), min(to, s.to); at < end; {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			b := w.buf[:min(readSamples, end-at)*size]
			got, err := w.stream.ReadAt(b, s.stream(at))
			if got == 0 || err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("read samples of %s: %w", w.stream.Name(), errors.Join(err, io.ErrUnexpectedEOF))
			}
			for b = b[:int64(got)*size]; len(b) > 0; {
				n := min(w.width-at%w.width, int64(len(b))/size)
				if err := w.raw(p, at, b[:n*size]); err != nil {
					return err
				}
				at, b = at+n, b[n*size:]
			}
		}
	}
	return nil
}

// counts is a range of stored values. NaN: none.
type counts struct{ lo, hi float64 }

var noCounts = counts{math.NaN(), math.NaN()}

// with returns the range of both.
func (c counts) with(o counts) counts {
	switch {
	case math.IsNaN(c.lo):
		return o
	case math.IsNaN(o.lo):
		return c
	}
	return counts{min(c.lo, o.lo), max(c.hi, o.hi)}
}
