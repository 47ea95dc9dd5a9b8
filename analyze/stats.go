package analyze

import (
	"github.com/scopelog/scopelog/analysis/stats"
)

// Stats is the operation "stats": extremes with their places, mean, rms and standard deviation of each stream.
type Stats struct {
	Percentiles []float64 // 0 to 100, of each stream too
}

// Name returns "stats".
func (*Stats) Name() string { return "stats" }

// statBins are the bins that percentiles are taken from.
const statBins = 1 << 16

type statState struct {
	op      *Stats
	workers int // of each stream to begin with; one that comes later has fewer
	parts   []*statPart
}

type statPart struct {
	src     *source
	workers int
	sum     stats.Summary
	bins    *counter // nil: no percentiles
	pieces  []piece
	offsets []int64 // stream of values before each piece
	n       int64
}

func (o *Stats) begin(list []*source) (state, error) {
	s := &statState{op: o, workers: workersFor(len(list))}
	for _, p := range o.Percentiles {
		if !(p >= 0 && p <= 100) {
			return nil, optionError("a percentile is a number from 0 to 100, not %v", p)
		}
	}
	return s, addAll(s, list)
}

func (s *statState) add(src *source) (err error) {
	p := &statPart{src: src, workers: min(s.workers, workersFor(len(s.parts)+1))}
	if len(s.op.Percentiles) > 0 {
		p.bins = &counter{}
		if p.bins.growing, err = stats.NewAdaptive(statBins); err != nil {
			return err
		}
		p.bins.help(p.workers, statBins)
	}
	s.parts = append(s.parts, p)
	return nil
}

func (s *statState) of(i int) taker { return s.parts[i] }
func (s *statState) close()         {}

// open notes where a piece begins, for the places of the extremes.
func (p *statPart) open(at piece) error {
	p.pieces, p.offsets = append(p.pieces, at), append(p.offsets, p.n)
	if n := len(p.pieces); n > 2 && at.wave != nil {
		p.forget()
	}
	return nil
}

// forget keeps only those pieces that hold an extreme, and the last one: there are as many as waveforms.
func (p *statPart) forget() {
	_, lo := p.sum.Min()
	_, hi := p.sum.Max()
	keep := 0
	for i := range p.pieces {
		last := i == len(p.pieces)-1
		holds := func(at int64) bool { return at >= p.offsets[i] && (last || at < p.offsets[i+1]) }
		if last || holds(lo) || holds(hi) {
			p.pieces[keep], p.offsets[keep] = p.pieces[i], p.offsets[i]
			keep++
		}
	}
	p.pieces, p.offsets = p.pieces[:keep], p.offsets[:keep]
}

func (p *statPart) take(x []float64) error {
	p.sum.AddOn(p.workers, x)
	if p.bins != nil {
		p.bins.share(x)
	}
	p.n += int64(len(x))
	return nil
}

func (p *statPart) done() error { return nil }

// where returns when the sample at a place of the values was taken, and its index.
func (p *statPart) where(at int64) (index int64, seconds float64) {
	for i := len(p.offsets) - 1; i >= 0; i-- {
		if at >= p.offsets[i] {
			k := at - p.offsets[i]
			return p.pieces[i].from + k, p.src.time(p.pieces[i], float64(k))
		}
	}
	return -1, none
}

func (s *statState) result() (*Table, error) {
	t := &Table{}
	t.text("stream")
	t.text("unit")
	t.whole("samples")
	t.value("min", "")
	t.value("min at", "s")
	t.value("max", "")
	t.value("max at", "s")
	t.value("mean", "")
	t.value("rms", "")
	t.value("std", "")
	for _, q := range s.op.Percentiles {
		t.value("p"+trim(q), "")
	}
	for _, p := range s.parts {
		lo, loAt := p.sum.Min()
		hi, hiAt := p.sum.Max()
		_, loTime := p.where(loAt)
		_, hiTime := p.where(hiAt)
		if p.bins != nil {
			p.bins.gather()
		}
		cells := []any{p.src.name, p.src.Unit(), p.sum.N(), lo, loTime, hi, hiTime, p.sum.Mean(), p.sum.RMS(), p.sum.Std()}
		for _, q := range s.op.Percentiles {
			v, _ := p.bins.growing.Percentile(q)
			cells = append(cells, v)
		}
		t.row(cells...)
		unit := p.src.Unit()
		t.watch(p.src.name, quantity("mean", p.sum.Mean(), unit), quantity("rms", p.sum.RMS(), unit), quantity("min", lo, unit), quantity("max", hi, unit),
			quantity("std", p.sum.Std(), unit))
	}
	return t, nil
}
