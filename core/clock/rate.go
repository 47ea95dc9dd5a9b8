package clock

import "math"

// mostPoints is how many pairs a RateFit holds at most.
const mostPoints = 512

// RateFit fits a device's sample rate against the host's monotonic clock, over a time of any length in bounded memory: the
// longer that is, the longer are the stretches of which each gives its earliest delivery. One goroutine uses it.
type RateFit struct {
	intervalNS float64
	ref        Pair
	slotNS     int64
	slot       int64 // of the last point
	points     []point
	slope      float64 // as it was when there was no more room last
}

// NewRateFit returns a RateFit for a raw sample interval in nanoseconds.
func NewRateFit(intervalNS float64) *RateFit {
	return &RateFit{intervalNS: intervalNS, points: make([]point, 0, mostPoints)}
}

// Reset forgets everything: what follows is another sample clock, or lies behind a loss of unknown length.
func (r *RateFit) Reset() { r.points, r.slope = r.points[:0], 0 }

// Add takes a pair into account. They come in the order of time, about one a second.
func (r *RateFit) Add(p Pair) {
	if len(r.points) == 0 {
		r.ref, r.slotNS, r.slot = p, secondNS, -1
	}
	t := float64(p.MonoNS - r.ref.MonoNS)
	q := point{t, t - float64(p.Index-r.ref.Index)*r.intervalNS}
	slot := (p.MonoNS - r.ref.MonoNS) / r.slotNS
	if slot == r.slot && len(r.points) > 0 {
		if last := &r.points[len(r.points)-1]; r.rest(q) < r.rest(*last) {
			*last = q
		}
		return
	}
	if len(r.points) == mostPoints {
		r.halve()
		slot = (p.MonoNS - r.ref.MonoNS) / r.slotNS
	}
	r.points, r.slot = append(r.points, q), slot
}

// rest is how late a point is, the drift left aside.
func (r *RateFit) rest(p point) float64 { return p.late - r.slope*p.t }

// halve makes each stretch twice as long.
func (r *RateFit) halve() {
	whole := part{late: r.points}
	r.slope = whole.fit(math.Inf(-1), math.Inf(1)).slope
	r.slotNS *= 2
	kept, slot := r.points[:0], int64(-1)
	for _, p := range r.points {
		if s := int64(p.t) / r.slotNS; s != slot {
			kept, slot = append(kept, p), s
		} else if last := &kept[len(kept)-1]; r.rest(p) < r.rest(*last) {
			*last = p
		}
	}
	r.points = kept
}

const (
	leastPairs = 10 // from so many on a rate is told
	stretches  = 64 // of which each gives its earliest delivery for the line
	// spells is by how much more a rate may be off than the scatter of its points says: a computer that is busy for a while
	// makes the deliveries of all that time late, not one by one.
	spells = 3
)

// Rate returns how many samples there were in a second of the host's clock, and what that may be off. ok is false while too
// little is known to tell it better than crystals are anyway.
func (r *RateFit) Rate() (hz, uncertaintyHz float64, ok bool) {
	if len(r.points) < leastPairs {
		return 0, 0, false
	}
	f := r.earliest()
	line := f.fit(math.Inf(-1), math.Inf(1))
	nominal, off := 1e9/r.intervalNS, spells*line.slopeErr
	return nominal * (1 - line.slope), nominal * off, off < clockApart
}

// earliest keeps the earliest point of each stretch, the drift of all left aside.
func (r *RateFit) earliest() part {
	var h hull
	var mean float64
	for _, p := range r.points {
		h.add(p)
		mean += p.t / float64(len(r.points))
	}
	slope := h.slope(mean)
	length := max(float64(secondNS), r.points[len(r.points)-1].t/stretches)
	kept := make([]point, 0, stretches+1)
	last := -1.0
	for _, p := range r.points {
		at := math.Floor(p.t / length)
		switch {
		case at != last:
			kept, last = append(kept, p), at
		case p.late-slope*p.t < kept[len(kept)-1].late-slope*kept[len(kept)-1].t:
			kept[len(kept)-1] = p
		}
	}
	return part{late: kept}
}
