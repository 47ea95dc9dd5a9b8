package recording

import "math"

// overviewRows computes the overview of a data file anew from captures and samples: it is what files are compared with and rebuilt from. It is a
// visitor of [readItems]; emit gets each row in order, valid during the call.
type overviewRows struct {
	datatype Datatype
	captures []Capture // sorted
	piece    int
	kernel   func(p []byte) (lo, hi float64, ok bool)
	open     [OverviewLevels]overviewOpen
	rows     [OverviewLevels]int64
	emit     func(level int, row []byte)
	buf      []byte
}

// overviewOpen is a bin that may get more samples; there is none when N is 0.
type overviewOpen struct {
	OverviewRow
	some bool // Min and Max are set
}

func newOverviewRows(t Datatype, captures []Capture, emit func(level int, row []byte)) *overviewRows {
	return &overviewRows{datatype: t, captures: captures, kernel: minMaxOf(t), emit: emit}
}

func (o *overviewRows) visit(at int64, p []byte) {
	size := int64(o.datatype.Size())
	for len(p) > 0 {
		for o.piece+1 < len(o.captures) && o.captures[o.piece+1].SampleStart <= at {
			o.piece++
		}
		n := int64(len(p)) / size
		if len(o.captures) > 0 && o.captures[o.piece].SampleStart > at {
			n = min(n, o.captures[o.piece].SampleStart-at) // before the first capture: samples without a place
		} else if o.piece+1 < len(o.captures) {
			n = min(n, o.captures[o.piece+1].SampleStart-at)
		}
		if len(o.captures) > 0 && o.captures[o.piece].SampleStart <= at {
			c := &o.captures[o.piece]
			o.run(c.GlobalIndex+at-c.SampleStart, p[:n*size])
		}
		p, at = p[n*size:], at+n
	}
}

// run adds samples that follow each other in device index.
func (o *overviewRows) run(index int64, p []byte) {
	size := int64(o.datatype.Size())
	for len(p) > 0 {
		n := min(OverviewBin-index%OverviewBin, int64(len(p))/size)
		lo, hi, some := o.kernel(p[:n*size])
		o.add(0, overviewOpen{OverviewRow{Bin: index / OverviewBin, Min: lo, Max: hi, N: n}, some})
		p, index = p[n*size:], index+n
	}
}

// add joins a piece to the open bin of a level, or closes that and opens the piece's.
func (o *overviewRows) add(level int, b overviewOpen) {
	open := &o.open[level]
	if open.N == 0 || open.Bin != b.Bin {
		o.close(level)
		*open = b
		return
	}
	open.N += b.N
	switch {
	case !b.some:
	case !open.some:
		open.Min, open.Max, open.some = b.Min, b.Max, true
	default:
		if b.Min < open.Min {
			open.Min = b.Min
		}
		if b.Max > open.Max {
			open.Max = b.Max
		}
	}
}

func (o *overviewRows) close(level int) {
	b := o.open[level]
	if b.N == 0 {
		return
	}
	o.open[level].N = 0
	row := b.OverviewRow
	if !b.some {
		row.Min, row.Max = math.NaN(), math.NaN()
	}
	o.buf = AppendOverviewRow(o.buf[:0], o.datatype, row)
	o.rows[level]++
	o.emit(level, o.buf)
	if level+1 < OverviewLevels {
		b.Bin /= OverviewFactor
		o.add(level+1, b)
	}
}

// end closes all bins and returns how many levels the segment has.
func (o *overviewRows) end() int {
	for level := range OverviewLevels {
		o.close(level)
	}
	levels := 1
	for levels < OverviewLevels && o.rows[levels-1] >= OverviewNextRows {
		levels++
	}
	return levels
}
