package keep

import (
	"math"
	"slices"
	"sort"

	"github.com/scopelog/scopelog/core/clock"
)

const (
	// mostMarks bounds the clock pairs that are remembered of a device: about an hour of one a second. Of longer stretches every second one stays.
	mostMarks = 4096
	// mostDoubts bounds how many places are remembered at which a device's indexes are not sure.
	mostDoubts = 64
	// delayNS is how much later than taken the earliest deliveries of a device may be seen. Far less is usual; whole segments are judged here, and these
	// have seconds.
	delayNS = 100e6
)

// axis tells when the samples of a device that streams were taken.
type axis struct {
	intervalNS float64
	marks      []clock.Mark
	breaks     []int64
	doubts     []doubt
	line       *clock.Timeline // nil: there are no marks, or others than it was made of
}

// doubt says by how much indexes between two places may be off, in raw samples.
type doubt struct{ from, to, samples int64 }

func (a *axis) paired(epoch int, p clock.Pair) {
	if n := len(a.marks); n > 0 && p.MonoNS <= a.marks[n-1].MonoNS {
		return
	}
	if len(a.marks) >= mostMarks {
		half := len(a.marks) / 2
		thin := a.marks[:0]
		for i, m := range a.marks {
			if i >= half || i%2 == 0 {
				thin = append(thin, m)
			}
		}
		a.marks = thin
	}
	a.marks = append(a.marks, clock.Mark{Epoch: epoch, Index: p.Index, MonoNS: p.MonoNS, UTCErrNS: -1})
	a.line = nil
}

// moved puts all marks at or behind a raw index on: samples were missing there that nobody had told of.
func (a *axis) moved(raw, lost, unsure int64) {
	last := raw
	for i := range a.marks {
		if m := &a.marks[i]; m.Index >= raw {
			m.Index += lost
			last = m.Index
		}
	}
	for i := range a.breaks {
		if a.breaks[i] >= raw {
			a.breaks[i] += lost
		}
	}
	a.breakAt(raw + lost)
	a.doubts = append(a.doubts, doubt{raw, last, unsure})
	if len(a.doubts) > mostDoubts {
		a.doubts = a.doubts[1:]
	}
}

func (a *axis) breakAt(raw int64) {
	i, found := slices.BinarySearch(a.breaks, raw)
	if !found {
		a.breaks = slices.Insert(a.breaks, i, raw)
	}
	if len(a.breaks) > mostMarks {
		a.breaks = a.breaks[1:]
	}
	a.line = nil
}

// at returns the monotonic times between which a raw sample was taken; ok is false as long as too little is known.
func (a *axis) at(raw int64) (from, to int64, ok bool) {
	k := sort.Search(len(a.marks), func(i int) bool { return a.marks[i].Index > raw })
	if k == len(a.marks) && (k == 0 || a.broken(a.marks[k-1].Index, raw)) {
		return 0, 0, false
	}
	if a.line == nil {
		line, err := clock.NewTimeline(a.intervalNS, a.marks, a.breaks)
		if err != nil {
			return 0, 0, false
		}
		a.line = line
	}
	from, to = a.on(raw, raw)
	if k > 0 && k < len(a.marks) && (a.marks[k-1].Epoch != a.marks[k].Epoch || a.broken(a.marks[k-1].Index, a.marks[k].Index)) {
		// Which side of the break it lies on is not told here: by one line it was taken so long after the mark before, by the other so long before the one
		// behind.
		f, t := a.on(raw, a.marks[k].Index)
		from, to = min(from, f), max(to, t)
	}
	return from, to, true
}

// on places a raw sample by the line that a sample near to it is on.
func (a *axis) on(raw, near int64) (from, to int64) {
	m := a.line.At(near)
	ns := addNS(m.MonoNS, int64(float64(raw-near)*a.intervalNS))
	e := m.ErrNS + delayNS
	for _, d := range a.doubts {
		if raw >= d.from && raw <= d.to {
			e += float64(d.samples) * a.intervalNS
		}
	}
	err := int64(math.Min(e, longest))
	return addNS(ns, -err), addNS(ns, err)
}

// broken tells whether an estimated loss lies behind one raw index and not behind another.
func (a *axis) broken(from, to int64) bool {
	i := sort.Search(len(a.breaks), func(i int) bool { return a.breaks[i] > from })
	return i < len(a.breaks) && a.breaks[i] <= to
}

// longest bounds uncertainties, so that sums of times do not overflow.
const longest = float64(1 << 60)
