package recording

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sort"
)

// reopenOverview goes on with the overview of a file as it was when the journal's line was written; rows of later samples are written over. Where that
// cannot be, the overview is made again when the segment is sealed.
func (f *streamFile) reopenOverview(captures []Capture) {
	if f.n == f.start || len(captures) == 0 {
		return // it begins
	}
	inferred := func(c Capture) bool { return c.Gap != nil && c.Gap.Cause == CauseInferred }
	if f.stream.global.Mode.Block() || slices.ContainsFunc(captures, inferred) {
		f.ov.stale = true // rows may be of samples that were taken back, or have got other places since
		return
	}
	if err := f.restoreOverview(captures); err != nil {
		_ = f.ov.close() // it is made again
		f.ov = newOverview(f.fsys, f.dir, f.base, f.sync.meta.Global.Datatype)
		f.ov.stale, f.ov.err = true, err
	}
}

// restoreOverview takes up the rows of each level that were complete, and what the bins had that were open.
func (f *streamFile) restoreOverview(captures []Capture) error {
	k := len(captures) - 1
	bin := (captures[k].GlobalIndex + f.n - 1 - captures[k].SampleStart) / OverviewBin // that of the last sample
	first := f.n                                                                       // stream index of the first sample in it
	before := int64(-1)                                                                // bin of the sample before that one
	for ; k >= 0; k-- {
		c := &captures[k]
		if first = c.SampleStart; c.GlobalIndex < bin*OverviewBin {
			first += min(bin*OverviewBin-c.GlobalIndex, f.n-c.SampleStart)
			if k+1 < len(captures) {
				first = min(first, captures[k+1].SampleStart)
			}
			before = (c.GlobalIndex + first - 1 - c.SampleStart) / OverviewBin
			break
		}
	}
	last := before
	for level := 0; level < OverviewLevels && last >= 0; level++ {
		if err := f.ov.takeUp(level, last); err != nil {
			return err
		}
		if level+1 == OverviewLevels {
			break
		}
		var err error
		if last, err = f.ov.openAbove(level, last); err != nil {
			return err
		}
	}
	return f.readBin(captures, first)
}

// takeUp opens the rows of a level up to the bin last, which was its last complete one. A level that has no file yet is made from the one below.
func (o *overview) takeUp(level int, last int64) error {
	l := &o.levels[level]
	file, err := o.fsys.OpenFile(o.path(level), os.O_RDWR, 0)
	if missing(err) && level > 0 && o.total(level-1) < 2*OverviewNextRows {
		return o.makeRows(level, last)
	}
	if err != nil {
		return err
	}
	l.f = file
	size, err := file.Size()
	if err != nil {
		return err
	}
	l.rows = max(size-NpyDataStart, 0) / int64(OverviewRowSize(o.typ))
	l.rows = int64(sort.Search(int(l.rows), func(i int) bool {
		r, rowErr := o.row(level, int64(i))
		err = errors.Join(err, rowErr)
		return r.Bin > last
	}))
	if err != nil {
		return err
	}
	if l.rows == 0 {
		return fmt.Errorf("%s: %w", o.path(level), errOverviewRows)
	}
	if r, err := o.row(level, l.rows-1); err != nil || r.Bin != last {
		return errors.Join(fmt.Errorf("%s: %w", o.path(level), errOverviewRows), err)
	}
	return nil
}

var errOverviewRows = errors.New("rows of the overview are missing")

// row returns a complete row of a level.
func (o *overview) row(level int, i int64) (OverviewRow, error) {
	l, size := &o.levels[level], int64(OverviewRowSize(o.typ))
	if i >= l.rows {
		return ParseOverviewRow(l.buf[(i-l.rows)*size:], o.typ)
	}
	b := make([]byte, size)
	if _, err := l.f.ReadAt(b, NpyDataStart+i*size); err != nil && err != io.EOF {
		return OverviewRow{}, err
	}
	return ParseOverviewRow(b, o.typ)
}

// makeRows makes the rows of a level up to the bin last from those of the level below.
func (o *overview) makeRows(level int, last int64) error {
	var l overviewLevel // the level itself has its open bin by now
	for i := range o.total(level - 1) {
		r, err := o.row(level-1, i)
		if err != nil {
			return err
		}
		bin := r.Bin / OverviewFactor
		if l.n > 0 && l.bin != bin {
			l.put(o.typ)
		}
		if bin > last {
			break
		}
		l.join(bin, r)
	}
	l.put(o.typ)
	o.levels[level].buf = l.buf
	return nil
}

// openAbove gives the level above the rows of its open bin, and returns its last complete bin; -1: it has none. last is that of the level itself.
func (o *overview) openAbove(level int, last int64) (int64, error) {
	open := last / OverviewFactor
	if last%OverviewFactor == OverviewFactor-1 {
		return open, nil // complete
	}
	above := &o.levels[level+1]
	for i := o.total(level) - 1; i >= 0; i-- {
		r, err := o.row(level, i)
		if err != nil {
			return 0, err
		}
		if bin := r.Bin / OverviewFactor; bin != open {
			return bin, nil
		}
		above.join(open, r)
	}
	return -1, nil
}

// join adds a row of the level below to a bin.
func (l *overviewLevel) join(bin int64, r OverviewRow) {
	if l.n == 0 {
		l.bin, l.ok = bin, false
	}
	l.n += r.N
	if math.IsNaN(r.Min) {
		return
	}
	if !l.ok || r.Min < l.lo {
		l.lo = r.Min
	}
	if !l.ok || r.Max > l.hi {
		l.hi = r.Max
	}
	l.ok = true
}

// put appends the bin that join has filled to the rows that wait.
func (l *overviewLevel) put(t Datatype) {
	if l.n == 0 {
		return
	}
	r := OverviewRow{Bin: l.bin, Min: l.lo, Max: l.hi, N: l.n}
	if !l.ok {
		r.Min, r.Max = math.NaN(), math.NaN()
	}
	l.buf, l.n = AppendOverviewRow(l.buf, t, r), 0
}

// readBin gives the overview the samples from a stream index on: those of its open bin.
func (f *streamFile) readBin(captures []Capture, from int64) error {
	for i, c := range captures {
		end := f.n
		if i+1 < len(captures) {
			end = captures[i+1].SampleStart
		}
		at := max(from, c.SampleStart)
		if at >= end {
			continue
		}
		p := make([]byte, (end-at)*f.itemSize)
		if _, err := f.f.ReadAt(p, (at-f.start)*f.itemSize); err != nil && err != io.EOF {
			return err
		}
		f.ov.add(c.GlobalIndex+at-c.SampleStart, p)
	}
	return f.ov.err
}
