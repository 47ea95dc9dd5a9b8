package session

import (
	"math"
	"time"

	"github.com/scopelog/scopelog/core/plan"
)

// keepNeeds is how much of the disk a run takes at least that keeps only what lies around events: complete segments wait until no event can reach them, and
// the last ones stay. More than all of it, total bytes, it cannot be; -1: without end. What lies around events comes beside.
func keepNeeds(p *plan.Plan, opened []*unit, seconds, total float64) float64 {
	longest := time.Duration(0)
	for _, e := range p.Events {
		longest = max(longest, e.Before)
	}
	sum := 0.0
	for _, u := range opened {
		v := volumeOf(u.config, u.applied, seconds)
		late := lateBlocks.Seconds()
		segments := 3 * segmentBytes(p.Run.Rotate, v.perSecond, len(u.applied.Streams))
		sum += v.perSecond*(longest.Seconds()+late) + segments
	}
	if total >= 0 {
		sum = math.Min(sum, total)
	}
	return sum
}

// segmentBytes is how long a segment of a device is at the most, in bytes.
func segmentBytes(r plan.Rotate, perSecond float64, streams int) float64 {
	switch {
	case r.Hourly:
		return perSecond * 3600
	case r.Size > 0:
		return float64(r.Size) * float64(streams)
	}
	return perSecond * r.Every.Seconds()
}
