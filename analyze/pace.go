package analyze

import "fmt"

// pace is how far places of a stretch are apart that come in order. What lies before the first one and behind the last one has no part in it. The zero
// value is ready.
type pace struct {
	pairs, samples int64 // places that follow one in their stretch, and the samples between these two of all of them
	last           int64
	follows        bool // last is of the present stretch
}

// open begins a stretch.
func (p *pace) open() { p.follows = false }

// add takes the next place of the stretch.
func (p *pace) add(index int64) {
	if p.follows {
		p.pairs++
		p.samples += index - p.last
	}
	p.last, p.follows = index, true
}

// note tells of it, behind something else; empty where no place follows another one. interval is that of the samples, in seconds.
func (p *pace) note(interval float64) string {
	if p.pairs == 0 {
		return ""
	}
	mean := float64(p.samples) * interval / float64(p.pairs)
	return fmt.Sprintf("; from one to the next %s s in the mean, %s per minute", trim6(mean), trim6(60/mean))
}
