package clock

import "math"

// point is a delivery as an estimator sees it: how late it was, against some line, at a time. Both are nanoseconds.
type point struct{ t, late float64 }

// hull is the lower convex hull of points that come in order of time: lateness only ever adds, so the line that
// touches it from below is the truest. The room of its points is used again.
type hull struct{ points []point }

func (h *hull) reset() { h.points = h.points[:0] }

// add takes the next point; one at the time of the last replaces it if it is lower.
func (h *hull) add(p point) {
	if n := len(h.points); n > 0 && h.points[n-1].t >= p.t {
		if h.points[n-1].late <= p.late {
			return
		}
		h.points = h.points[:n-1]
	}
	for n := len(h.points); n >= 2; n = len(h.points) {
		a, b := h.points[n-2], h.points[n-1]
		if (b.late-a.late)*(p.t-a.t) < (p.late-a.late)*(b.t-a.t) {
			break
		}
		h.points = h.points[:n-1]
	}
	h.points = append(h.points, p)
}

// slope is that of the hull's edge at the time: the line below all points that is closest to them on the whole when
// the time is their mean one. It is 0 for fewer than two points.
func (h *hull) slope(at float64) float64 {
	n := len(h.points)
	if n < 2 {
		return 0
	}
	k := 1
	for k < n-1 && h.points[k].t < at {
		k++
	}
	a, b := h.points[k-1], h.points[k]
	return (b.late - a.late) / (b.t - a.t)
}

// lateness bounds how far the earliest of n independent deliveries lies behind what the earliest possible one would be,
// if each is late by up to spread: it is exceeded once in 100,000 cases.
func lateness(n, spread float64) float64 {
	const rare = 1e-5
	if n <= 0 {
		return spread
	}
	return spread * (1 - math.Pow(rare, 1/n))
}
