package events

import "math"

// side is where the signal is.
type side uint8

const (
	unknown side = iota
	inside
	outside
)

// Detector looks for a condition in one signal. One goroutine uses it. Adding samples allocates nothing, and its memory does not
// depend on the length of the signal.
type Detector struct {
	c       Condition
	found   func(Event)
	needed  [3]bool // by side: extremes are followed
	changes lagged

	next    int64 // index of the sample that follows
	stretch int64 // index of the first sample of the stretch
	ep      episode

	// An interval in the making.
	edged          bool
	edgeAt         int64
	edgeLo, edgeHi float64

	holdOff    int64
	any        bool
	latest     int64 // index of the latest event, with any
	suppressed int64
}

// episode is a stretch in which the signal stays on one side.
type episode struct {
	side   side
	start  int64 // first sample known to be on this side
	cut    bool  // it may have begun before
	lo, hi float64
}

// New returns a detector that calls found for each event, in the order of their ends, from within [Detector.Add], [Detector.SkipTo],
// [Detector.Break] and [Detector.Flush]. Events that begin less than holdOff samples behind the beginning of the latest one
// that was reported are counted and not reported.
func New(c Condition, holdOff int64, found func(Event)) *Detector {
	d := &Detector{c: c, found: found, holdOff: holdOff}
	for s := range d.needed {
		d.needed[s] = c.held[s] != "" || c.edge != unknown
	}
	d.changes = newLagged(c.over)
	d.begin(0)
	return d
}

// Reset forgets everything; the next sample has index 0.
func (d *Detector) Reset() {
	d.any, d.suppressed = false, 0
	d.begin(0)
}

// Suppressed is the number of events within the hold-off of another one.
func (d *Detector) Suppressed() int64 { return d.suppressed }

// Break says that samples are missing and which index the next one has. What was going on ends, marked as cut; no event bridges the
// gap. Before the first sample it says where the signal begins.
func (d *Detector) Break(next int64) {
	d.Flush()
	d.begin(next)
}

// Flush reports what is going on at the end of the signal, marked as cut. Go on with Break or Reset.
func (d *Detector) Flush() {
	end := d.next
	if end > d.stretch {
		d.end(end, true)
		d.endInterval(end)
	}
	d.begin(end)
}

// begin starts a stretch.
func (d *Detector) begin(next int64) {
	d.next, d.stretch, d.edged = next, next, false
	d.ep = newEpisode(unknown, next, true)
	d.changes.reset()
}

func newEpisode(s side, start int64, cut bool) episode {
	return episode{side: s, start: start, cut: cut, lo: math.Inf(1), hi: math.Inf(-1)}
}

// Next is the index of the sample with which [Detector.Add] goes on. It is the one behind the last, but for slopes after
// [Detector.SkipTo]: there the samples before have to be given, as far as the slope reaches back.
func (d *Detector) Next() int64 { return d.next - d.changes.rewind }

// Add takes the samples from [Detector.Next] on. It does not keep x. NaN changes nothing.
func (d *Detector) Add(x []float64) {
	if d.c.over == 0 {
		d.scan(d.next, x)
		d.next += int64(len(x))
		return
	}
	d.next -= d.changes.rewind
	d.changes.rewind = 0
	for len(x) > 0 {
		n, changes := d.changes.take(x)
		d.scan(d.next+int64(n-len(changes)), changes)
		d.next, x = d.next+int64(n), x[n:]
	}
}

// CanSkip tells whether any number of samples from lo to hi that follow now cannot be an event, begin or end one.
func (d *Detector) CanSkip(lo, hi float64) bool {
	if !(lo <= hi) {
		return false
	}
	if d.c.over > 0 {
		return d.canSkipChanges(lo, hi)
	}
	switch d.ep.side {
	case inside:
		return lo >= d.c.outside[0] && hi <= d.c.outside[1]
	case outside:
		return hi < d.c.inside[0] || lo > d.c.inside[1]
	}
	return false
}

// SkipTo passes over the samples that follow up to the one with index end, which is not among them, if nothing can have happened in
// them. Their smallest and largest are lo and hi, as from an overview; of samples that are NaN these say nothing. Else it
// changes nothing, returns false, and the samples from [Detector.Next] on have to be added. Events are the same, also their
// extremes, as if all samples had been added.
func (d *Detector) SkipTo(end int64, lo, hi float64) bool {
	if end <= d.next || !d.CanSkip(lo, hi) {
		return false
	}
	if d.c.over > 0 {
		d.changes.skip(end-d.next, lo, hi, d.next-d.stretch)
	} else {
		d.ep.lo, d.ep.hi = min(d.ep.lo, lo), max(d.ep.hi, hi)
	}
	d.next = end
	return true
}

// canSkipChanges bounds the changes that samples from lo to hi can make up, among them and with the ones before.
func (d *Detector) canSkipChanges(lo, hi float64) bool {
	if d.c.held[d.ep.side] != "" {
		return false
	}
	pastLo, pastHi, ok := d.changes.bounds(d.next - d.stretch)
	return ok && max(hi, pastHi)-min(lo, pastLo) < d.c.change
}

// scan looks at samples of the signal, or at changes, the first of which has an index.
func (d *Detector) scan(index int64, x []float64) {
	for i := 0; i < len(x); {
		n := d.quiet(x[i:])
		if i += n; i == len(x) {
			return
		}
		v := x[i]
		at := index + int64(i)
		if d.ep.side != inside && v >= d.c.inside[0] && v <= d.c.inside[1] {
			d.turn(inside, at, v)
		} else {
			d.turn(outside, at, v)
		}
		d.ep.lo, d.ep.hi = min(d.ep.lo, v), max(d.ep.hi, v)
		i++
	}
}

// quiet returns how many samples there are before the side changes, and follows their extremes where they are needed.
func (d *Detector) quiet(x []float64) int {
	n := 0
	switch d.ep.side {
	case inside:
		n = stays(x, d.c.outside[0], d.c.outside[1])
	case outside:
		n = staysOut(x, d.c.inside[0], d.c.inside[1])
	default:
		in, out := d.c.inside, d.c.outside
		for n < len(x) && !(x[n] >= in[0] && x[n] <= in[1]) && !(x[n] < out[0] || x[n] > out[1]) {
			n++
		}
	}
	if d.needed[d.ep.side] {
		d.ep.lo, d.ep.hi = extremes(x[:n], d.ep.lo, d.ep.hi)
	}
	return n
}

// turn ends the episode before a sample, which begins one on the other side.
func (d *Detector) turn(to side, at int64, v float64) {
	was := d.ep
	point := d.c.enter
	if to == outside {
		point = d.c.leave
	}
	if was.side == unknown {
		// For a dropout the samples before the side was known belong to it; else they do not.
		start := at
		if d.c.dropout {
			start = was.start
		}
		d.ep = newEpisode(to, start, true)
		if d.c.dropout {
			d.ep.lo, d.ep.hi = was.lo, was.hi
		}
		if d.c.over > 0 {
			d.ep.cut = at == d.stretch+d.c.over
		}
		return
	}
	d.end(at, false)
	d.ep = newEpisode(to, at, false)
	if to == d.c.edge {
		d.interval(at)
	}
	if point != "" {
		d.emit(Event{Kind: point, Index: at, Length: 1, Extreme: v})
	}
}

// end judges the present episode, which ends before a sample, or with cut at a gap.
func (d *Detector) end(at int64, cut bool) {
	ep := d.ep
	if d.edged {
		d.edgeLo, d.edgeHi = min(d.edgeLo, ep.lo), max(d.edgeHi, ep.hi)
	}
	kind := d.c.held[ep.side]
	if kind == "" || ep.side == unknown && !d.c.dropout {
		return
	}
	n := at - ep.start
	known := d.c.span.accepts(n)
	if ep.cut || cut {
		known = !d.c.whole && d.c.span.certain(n)
	}
	if !known || ep.lo <= d.c.beyond[0] || ep.hi >= d.c.beyond[1] {
		return
	}
	d.emit(Event{Kind: kind, Index: ep.start, Length: n, Extreme: d.c.farthest(ep.lo, ep.hi), CutStart: ep.cut, CutEnd: cut})
}

// interval ends the one in the making at an edge, and begins the next.
func (d *Detector) interval(at int64) {
	if n := at - d.edgeAt; d.edged && d.c.span.accepts(n) {
		d.emit(Event{Kind: KindInterval, Index: d.edgeAt, Length: n, Extreme: d.c.farthest(d.edgeLo, d.edgeHi)})
	}
	d.edged, d.edgeAt, d.edgeLo, d.edgeHi = true, at, math.Inf(1), math.Inf(-1)
}

// endInterval judges the interval in the making at the end of a stretch.
func (d *Detector) endInterval(at int64) {
	if n := at - d.edgeAt; d.edged && d.c.span.t != anyLength && d.c.span.certain(n) {
		d.emit(Event{Kind: KindInterval, Index: d.edgeAt, Length: n, Extreme: d.c.farthest(d.edgeLo, d.edgeHi), CutEnd: true})
	}
}

// farthest is which of two extremes is farther from the centre.
func (c *Condition) farthest(lo, hi float64) float64 {
	switch {
	case lo > hi:
		return math.NaN()
	case hi-c.centre >= c.centre-lo:
		return hi
	}
	return lo
}

func (d *Detector) emit(e Event) {
	if d.any && d.holdOff > 0 && e.Index-d.latest < d.holdOff {
		d.suppressed++
		return
	}
	d.any, d.latest = true, e.Index
	d.found(e)
}
