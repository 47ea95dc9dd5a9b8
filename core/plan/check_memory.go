package plan

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// memory checks that the waveforms of an arming fit into the unit's memory, which is cut into as many equal segments as are used; it
// tells whether it has reported anything.
func (c *checker) memory(interval units.Interval, caps driver.ModeCapabilities, path string) bool {
	b := c.dev.block()
	if b == nil || c.opened || !c.usable() {
		return false
	}
	for _, name := range []string{"pre", "post", "memory_segment", "captures"} {
		if c.p.places.isBad(under(path, name)) {
			return false
		}
	}
	limit, ok := caps.MemoryLimit(c.enabled(), c.bits(), len(c.dev.Digital) > 0)
	pre, preOK := spanSamples(b.Pre, interval)
	post, postOK := spanSamples(b.Post, interval)
	if !ok || limit.Samples <= 0 || !preOK || !postOK {
		return false
	}
	first, captures := int64(b.MemorySegment), int64(1)
	if r := c.dev.RapidBlock; r != nil {
		captures = r.Captures
		if caps.MaxCaptures > 0 && captures > caps.MaxCaptures {
			return false // reported
		}
	}
	if caps.MaxSegments > 0 && captures > caps.MaxSegments-first {
		return false // likewise
	}
	samples := new(big.Int).Add(pre, post)
	if samples.Sign() <= 0 {
		return false
	}
	fit := new(big.Int).Quo(big.NewInt(limit.Samples), samples) // waveforms, whole ones
	switch {
	case fit.Cmp(new(big.Int).Add(big.NewInt(first), big.NewInt(captures))) >= 0:
		return false
	case fit.Cmp(big.NewInt(first)) > 0:
		c.tooMany(limit, samples, fit.Int64()-first, path)
	case fit.Sign() > 0:
		detail := fmt.Sprintf("%s With %s segments, each holds %s. Write ", c.holds(limit, path, samples), grouped(first+1), grouped(limit.Samples/(first+1)))
		if !c.secretLength(path) {
			detail += fmt.Sprintf("memory_segment = %d or less, or ", fit.Int64()-1)
		}
		c.fail(under(path, "memory_segment"), "The memory segment is too short for the capture", detail+"a shorter capture.")
	default:
		c.tooLong(limit, interval, pre, post, path)
	}
	return true
}

// tooMany reports captures of which the memory takes fewer.
func (c *checker) tooMany(limit driver.MemoryLimit, samples *big.Int, possible int64, path string) {
	r := c.dev.RapidBlock
	var ways []string
	if !c.secretLength(path) {
		way := fmt.Sprintf("captures = %d", possible)
		if r.Repeat.Count == 1 && !r.Repeat.Ordered {
			way += fmt.Sprintf(" with repeat = %d", r.Captures/possible+min(r.Captures%possible, 1))
		}
		ways = append(ways, way)
	}
	if each := limit.Samples / (int64(r.MemorySegment) + r.Captures); each > 0 {
		ways = append(ways, fmt.Sprintf("captures of %s samples at most", grouped(each)))
	}
	detail := c.holds(limit, path, samples)
	if r.MemorySegment > 0 {
		detail += " The memory segments before the first one take as much each."
	}
	if len(ways) > 0 {
		detail += fmt.Sprintf(" Write %s.", list(ways, "or"))
	}
	c.fail(under(path, "captures"), "The captures do not fit into the memory", detail)
}

// tooLong reports a capture that is longer than the memory.
func (c *checker) tooLong(limit driver.MemoryLimit, interval units.Interval, pre, post *big.Int, path string) {
	b, total := c.dev.block(), big.NewInt(limit.Samples)
	besidePre, besidePost := new(big.Int).Sub(total, pre), new(big.Int).Sub(total, post)
	at, advice := under(path, "post"), ""
	switch {
	case post.Sign() > 0 && besidePre.Sign() > 0:
		advice = c.longest("post", b.Post, besidePre.Int64(), interval)
	case besidePost.Sign() > 0:
		at, advice = under(path, "pre"), c.longest("pre", b.Pre, besidePost.Int64(), interval)
	default: // each of them is too long
		advice = fmt.Sprintf(" Write pre and post with %s samples together.", grouped(limit.Samples))
	}
	c.fail(at, "The capture is too long", c.holds(limit, path, new(big.Int).Add(pre, post))+advice)
}

// holds says how much a capture has and how much there is.
func (c *checker) holds(limit driver.MemoryLimit, path string, samples *big.Int) string {
	text := fmt.Sprintf("%s holds %s samples per channel", upperFirst(c.who()), grouped(limit.Samples))
	if limit.Limit != "" {
		text += fmt.Sprintf(" (%s)", limit.Limit)
	}
	if !c.secretLength(path) {
		text += fmt.Sprintf(", and a capture has %s", groupedBig(samples))
	}
	return text + "."
}

// secretLength tells whether the number of samples of a capture would tell a secret.
func (c *checker) secretLength(path string) bool {
	for _, name := range []string{"pre", "post", "sample_rate", "sample_interval", "timebase"} {
		if _, secret := c.p.Sensitive(under(path, name)); secret {
			return true
		}
	}
	return false
}

// longest says what to write for a stretch of at most so many samples, in the way in which it was given.
func (c *checker) longest(name string, given driver.Span, most int64, interval units.Interval) string {
	if !given.Time.IsZero() && interval.Sign() > 0 && !c.secretLength(c.path(string(c.dev.Mode()))) {
		if t, ok := fraction(new(big.Rat).Mul(interval.Big(), big.NewRat(most, 1))); ok {
			if text := compact(units.Interval{Rational: t}); len(text) <= 16 {
				return fmt.Sprintf(" Write %s = %q or less.", name, text)
			}
		}
	}
	return fmt.Sprintf(" Write %s = %d (samples) or less.", name, most)
}

// reaches checks a stretch of the trigger against how far the unit counts.
func (c *checker) reaches(s driver.Span, most int64, at, what string) {
	n, ok := spanSamples(s, c.interval())
	if !ok || most <= 0 || c.p.places.isBad(at) || n.Cmp(big.NewInt(most)) <= 0 {
		return
	}
	name := at[strings.LastIndexByte(at, '.')+1:]
	detail := fmt.Sprintf("%s counts to %s samples at most", upperFirst(c.who()), grouped(most))
	if _, secret := c.p.Sensitive(at); !secret && !c.secretLength(c.path(string(c.dev.Mode()))) {
		detail += fmt.Sprintf(", and this is %s", groupedBig(n))
	}
	c.fail(at, what+" is too long", detail+"."+c.longest(name, s, most, c.interval()))
}
