package clock

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"sort"
)

// ErrNoTime says that nothing is known of the time that was asked for.
var ErrNoTime = errors.New("no clock pairs")

const (
	slotNS   = 10 * secondNS  // of each such stretch the earliest delivery counts, shorter ones in a short part
	aroundNS = 150 * secondNS // the line is drawn through what is that near
)

// Mark is a clock pair of a recording: Index raw samples had arrived when the host's clocks showed MonoNS and UTCNS.
type Mark struct {
	Boot          string // of the host; monotonic times of two boots have nothing in common, see [OneAxis]
	Epoch         int
	Index         int64 // raw device index
	MonoNS, UTCNS int64
	UTCErrNS      int64 // what UTC may be off; -1: not known
}

// Moment is a time on the host's clocks, in nanoseconds. ErrNS is what the estimate may be off by beyond the constant
// by which even the earliest delivery is late, which no clock shows: see [Latency].
type Moment struct {
	MonoNS, UTCNS int64
	ErrNS         float64
	UTCErrNS      float64 // what UTC itself may be off in addition; -1: not known
}

// Latency bounds the constant by which the earliest deliveries of a device are late, in nanoseconds.
const Latency = 1e6

// Timeline says when the samples of a device were taken. It is made of clock pairs, of which each stretch of 10 s gives
// the one that arrived with the least delay; a moment comes from the straight line through those of five minutes around
// it. It is not changed after it was made and may be used by any goroutine.
type Timeline struct {
	intervalNS float64
	parts      []part
}

// part is a stretch of a timeline in which one sample clock ran without an unknown loss.
type part struct {
	epoch int
	ref   Mark
	marks []Mark  // the earliest of each slot, ascending
	late  []point // of them, against ref and the nominal interval
}

// NewTimeline makes a timeline of a device's clock pairs, in the order of the recording, and its raw sample interval in
// nanoseconds. Each epoch has its own line, and so has what follows each of breaks: the raw device indexes behind gaps
// whose length is an estimate. [ErrNoTime]: there are no pairs.
func NewTimeline(intervalNS float64, marks []Mark, breaks []int64) (*Timeline, error) {
	l := &Timeline{intervalNS: intervalNS}
	breaks = slices.Sorted(slices.Values(breaks))
	place := func(m Mark) int { return sort.Search(len(breaks), func(i int) bool { return breaks[i] > m.Index }) }
	for i := 0; i < len(marks); {
		j := i + 1
		for j < len(marks) && marks[j].Epoch == marks[i].Epoch && marks[j].Boot == marks[i].Boot && place(marks[j]) == place(marks[i]) && marks[j].MonoNS > marks[j-1].MonoNS {
			j++
		}
		l.add(marks[i:j])
		i = j
	}
	if len(l.parts) == 0 {
		return nil, ErrNoTime
	}
	return l, nil
}

func (l *Timeline) add(marks []Mark) {
	p := part{epoch: marks[0].Epoch, ref: marks[0]}
	h := hull{}
	var mean float64
	for _, m := range marks {
		q := l.point(&p, m)
		h.add(q)
		mean += q.t / float64(len(marks))
	}
	long := marks[len(marks)-1].MonoNS - marks[0].MonoNS
	length := max(secondNS, min(slotNS, long/30))
	slope := h.slope(mean) // so that the drift does not choose for it
	slot, best := int64(math.MinInt64), math.Inf(1)
	for _, m := range marks {
		q := l.point(&p, m)
		s, late := (m.MonoNS-p.ref.MonoNS)/length, q.late-slope*q.t
		switch {
		case s != slot:
			p.marks, p.late = append(p.marks, m), append(p.late, q)
		case late < best:
			p.marks[len(p.marks)-1], p.late[len(p.late)-1] = m, q
		default:
			continue
		}
		slot, best = s, late
	}
	l.parts = append(l.parts, p)
}

func (l *Timeline) point(p *part, m Mark) point {
	t := float64(m.MonoNS - p.ref.MonoNS)
	return point{t, t - float64(m.Index-p.ref.Index)*l.intervalNS}
}

// Range returns the first and the last moment that a pair tells of.
func (l *Timeline) Range() (fromMonoNS, toMonoNS int64) {
	last := l.parts[len(l.parts)-1]
	return l.parts[0].ref.MonoNS, last.marks[len(last.marks)-1].MonoNS
}

// At says when the sample with the raw device index was taken.
func (l *Timeline) At(index int64) Moment {
	k := sort.Search(len(l.parts), func(i int) bool { return l.parts[i].ref.Index > index })
	p := &l.parts[max(k-1, 0)]
	device := float64(index-p.ref.Index) * l.intervalNS
	f := p.fit(device-float64(aroundNS), device+float64(aroundNS))
	// mono = device time + lateness, which is a function of mono: the drift is so small that two rounds are exact.
	t := device + f.at(device)
	t = device + f.at(t)
	return p.moment(t, f.errorAt(t))
}

// Index gives the raw device index at which the device was at a monotonic time, in fractions of a sample, and how many
// nanoseconds it may be off.
func (l *Timeline) Index(monoNS int64) (index, errNS float64) {
	p := l.partAt(monoNS)
	t := float64(monoNS - p.ref.MonoNS)
	f := p.fit(t-float64(aroundNS), t+float64(aroundNS))
	return float64(p.ref.Index) + (t-f.at(t))/l.intervalNS, f.errorAt(t)
}

// Drift says by how many parts per million the device's clock is faster than the host's between two monotonic times,
// and what that may be off. Of several epochs the one in the middle counts; fewer than two pairs give an infinite
// uncertainty.
func (l *Timeline) Drift(fromMonoNS, toMonoNS int64) (ppm, uncertainty float64) {
	p := l.partAt(fromMonoNS + (toMonoNS-fromMonoNS)/2)
	f := p.fit(float64(fromMonoNS-p.ref.MonoNS), float64(toMonoNS-p.ref.MonoNS))
	return -f.slope * 1e6, spells * f.slopeErr * 1e6
}

func (l *Timeline) partAt(monoNS int64) *part {
	k := sort.Search(len(l.parts), func(i int) bool { return l.parts[i].ref.MonoNS > monoNS })
	return &l.parts[max(k-1, 0)]
}

// moment completes a time, in nanoseconds after the part's reference, by UTC.
func (p *part) moment(t, err float64) Moment {
	mono := p.ref.MonoNS + int64(math.Round(t))
	i, found := slices.BinarySearchFunc(p.marks, mono, func(m Mark, at int64) int { return cmp.Compare(m.MonoNS, at) })
	if i == len(p.marks) || !found && i > 0 && mono-p.marks[i-1].MonoNS < p.marks[i].MonoNS-mono {
		i--
	}
	m := p.marks[i]
	return Moment{MonoNS: mono, UTCNS: mono + m.UTCNS - m.MonoNS, ErrNS: err, UTCErrNS: float64(m.UTCErrNS)}
}

// fitted is a straight line through points.
type fitted struct {
	t, late, slope float64 // at the mean time
	noise, n       float64
	slopeErr       float64
}

func (f fitted) at(t float64) float64 { return f.late + (t-f.t)*f.slope }

// errorAt is three times the line's standard error at a time. Behind the points the clocks run apart as they please.
func (f fitted) errorAt(t float64) float64 {
	return 3*f.noise/math.Sqrt(max(f.n, 1)) + math.Abs(t-f.t)*min(f.slopeErr, 2*clockApart)
}

// fit draws a line through the points from from to to, those that are late beside the others left out.
func (p *part) fit(from, to float64) fitted {
	i := sort.Search(len(p.late), func(i int) bool { return p.late[i].t >= from })
	j := sort.Search(len(p.late), func(i int) bool { return p.late[i].t > to })
	for j-i < 2 && (i > 0 || j < len(p.late)) {
		if i = max(i-1, 0); j-i < 2 {
			j = min(j+1, len(p.late))
		}
	}
	points := p.late[i:j]
	var h hull
	var mean float64
	for _, q := range points {
		h.add(q)
		mean += q.t / float64(len(points))
	}
	slope := h.slope(mean)
	least, rests := math.Inf(1), make([]float64, len(points))
	for k, q := range points {
		rests[k] = q.late - slope*(q.t-mean)
		least = min(least, rests[k])
	}
	limit := 4*(median(rests)-least) + 20e3
	var kept []point
	for k, q := range points {
		if rests[k]-least <= limit {
			kept = append(kept, q)
		}
	}
	return leastSquares(kept)
}

func median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	return s[len(s)/2]
}

func leastSquares(points []point) fitted {
	f := fitted{n: float64(len(points))}
	for _, q := range points {
		f.t += q.t / f.n
		f.late += q.late / f.n
	}
	var tt, tl, rest float64
	for _, q := range points {
		tt += (q.t - f.t) * (q.t - f.t)
		tl += (q.t - f.t) * (q.late - f.late)
	}
	if f.noise = longestLate / 3; tt == 0 {
		f.slopeErr = math.Inf(1)
		return f
	}
	f.slope = tl / tt
	for _, q := range points {
		rest += (q.late - f.at(q.t)) * (q.late - f.at(q.t))
	}
	// Two points lie on any line, and few do by chance: what deliveries scatter by at least is taken for granted.
	f.noise = max(math.Sqrt(rest/max(f.n-2, 1)), 10e3, 1e6/(f.n*f.n))
	if f.slopeErr = 3 * f.noise / math.Sqrt(tt); f.slopeErr > clockApart {
		f.slope = max(-clockApart, min(clockApart, f.slope))
	}
	return f
}
