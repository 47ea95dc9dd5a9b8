package plan

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// mode checks the way of acquisition.
func (c *checker) mode() {
	if c.skip("mode") {
		return
	}
	mode := c.dev.Mode()
	path := c.path(string(mode))
	caps, ok := c.caps.Mode(mode)
	if !ok || !caps.Ready {
		detail := caps.NotReady
		if detail == "" {
			detail = fmt.Sprintf("%s has no such mode.", upperFirst(c.who()))
		} else {
			detail = sentence(detail)
		}
		var ready []string
		for _, m := range c.caps.Modes {
			if m.Ready {
				ready = append(ready, string(m.Mode))
			}
		}
		c.fail(path, fmt.Sprintf("The driver %s cannot run %s", c.dev.Driver, mode), detail+fmt.Sprintf(" It can run %s.", list(ready, "and")))
		return
	}
	interval := c.interval()
	var asked units.Interval // 0 for a timebase
	var down driver.Downsample
	var pre, post driver.Span
	switch {
	case c.dev.Stream != nil:
		asked, down, pre, post = c.dev.Stream.Interval, c.dev.Stream.Downsample, c.dev.Stream.Pre, c.dev.Stream.Post
		if c.dev.Stream.StopAfterTrigger && !caps.StopAfter {
			c.fail(under(path, "stop_after_trigger"), fmt.Sprintf("%s cannot end a stream after a trigger", upperFirst(c.who())), "Remove the line.")
		}
	default:
		if c.dev.RapidBlock != nil {
			c.captures(caps, path)
		}
		b := c.dev.block()
		asked, down, pre, post = b.Interval, b.Downsample, b.Pre, b.Post
		c.blockLimits(b, caps, path)
		c.timebase(b, caps, path)
	}
	c.rate(asked, caps, path)
	c.downsample(down, caps, under(path, "downsample"))
	if !c.memory(interval, caps, path) {
		c.length(pre, post, interval, caps, path)
	}
}

func (c *checker) captures(caps driver.ModeCapabilities, path string) {
	n, limit := c.dev.RapidBlock.Captures, caps.MaxCaptures
	if limit > 0 && n > limit && !c.p.places.isBad(under(path, "captures")) {
		c.fail(under(path, "captures"), "Too many captures", fmt.Sprintf("%s takes %d at most in one arming: write captures = %d, and repeat = %d for more.",
			upperFirst(c.who()), limit, limit, n/limit+min(n%limit, 1)))
	}
}

func (c *checker) blockLimits(b *driver.BlockConfig, caps driver.ModeCapabilities, path string) {
	if b.Timebase != nil && !caps.TimebaseNumbers {
		c.fail(under(path, "timebase"), fmt.Sprintf("%s has no timebase numbers", upperFirst(c.who())), `Write sample_rate = "1MS/s" or sample_interval = "1us".`)
	}
	if caps.MaxSegments > 0 && int64(b.MemorySegment) >= caps.MaxSegments {
		c.fail(under(path, "memory_segment"), "There is no such memory segment", fmt.Sprintf("%s has the segments 0 to %d.", upperFirst(c.who()), caps.MaxSegments-1))
	} else if r := c.dev.RapidBlock; r != nil && caps.MaxSegments > 0 && b.MemorySegment > 0 && r.Captures > caps.MaxSegments-int64(b.MemorySegment) &&
		(caps.MaxCaptures == 0 || r.Captures <= caps.MaxCaptures) {
		c.fail(under(path, "memory_segment"), "The waveforms do not fit behind this memory segment",
			fmt.Sprintf("Each takes one segment, and %s has %d. Write memory_segment = %d or less, or fewer captures.", c.who(), caps.MaxSegments, caps.MaxSegments-r.Captures))
	}
}

// rate checks the sample interval against the limits for these channels, resolution and ports.
func (c *checker) rate(want units.Interval, caps driver.ModeCapabilities, path string) {
	at := under(path, "sample_rate")
	asRate := true
	if _, written := c.p.places.ranges[at]; !written {
		at, asRate = under(path, "sample_interval"), false
	}
	if want.Sign() <= 0 || len(caps.Rates) == 0 || c.p.places.isBad(at) || c.skip("resolution") {
		return
	}
	n, bits, digital := c.enabled(), c.bits(), len(c.dev.Digital) > 0
	if n > len(c.caps.Channels) || bits != 0 && !slices.Contains(c.caps.Resolutions, bits) {
		return // what there is too much of has been named
	}
	limit, ok := caps.Limit(n, bits, digital)
	if !ok {
		c.fail(at, fmt.Sprintf("No sample rate is possible with %s", c.setup(n, bits, digital)), c.otherSetup(want, caps))
		return
	}
	near, exact, ok := limit.Nearest(want)
	if exact || !ok {
		return
	}
	asked := fmt.Sprintf("sample_interval %q", compact(want))
	if asRate {
		asked = fmt.Sprintf("sample_rate %q", compact(want.Rate()))
	}
	if _, secret := c.p.Sensitive(at); secret {
		asked = strings.Fields(asked)[0] + " " + hidden
	}
	why := limit.Limit
	if why == "" {
		why = c.setup(n, bits, digital)
	}
	detail := fmt.Sprintf("The nearest is %s. ", rateText(near, asRate))
	if step, off := offGrid(limit, want); slowerThan(limit, want) {
		detail += "It is the slowest possible."
	} else if off {
		detail += fmt.Sprintf("Intervals go in steps of %s there.", compact(step))
	} else {
		detail += fmt.Sprintf("The limit: %s.", strings.TrimSuffix(why, "."))
	}
	if more := c.changes(want, caps); more != "" {
		detail += " " + more
	}
	c.fail(at, asked+" is not possible", detail)
}

// offGrid tells whether an interval lies within a span and between its steps.
func offGrid(limit driver.RateLimit, want units.Interval) (step units.Interval, off bool) {
	for _, s := range limit.Spans {
		if !s.Step.IsZero() && want.Cmp(s.First.Rational) > 0 && want.Cmp(s.Last.Rational) < 0 {
			return s.Step, true
		}
	}
	return step, false
}

// slowerThan tells whether an interval is longer than all of a limit.
func slowerThan(limit driver.RateLimit, want units.Interval) bool {
	return !slices.ContainsFunc(limit.Spans, func(s driver.IntervalSpan) bool { return want.Cmp(s.Last.Rational) <= 0 })
}

// setup describes what a limit depends on.
func (c *checker) setup(channels, bits int, digital bool) string {
	s := fmt.Sprintf("%d channels", channels)
	if channels == 1 {
		s = "1 channel"
	}
	if bits != 0 {
		s += fmt.Sprintf(", %d bit", bits)
	}
	if digital {
		s += ", digital ports"
	}
	return s
}

// rateText writes an interval as the attribute that was used, or as the other one where that has no end.
func rateText(i units.Interval, asRate bool) string {
	rate, interval := "", compact(i)
	if i.Sign() > 0 {
		rate = compact(i.Rate())
	}
	plain := func(s string) bool { return s != "" && strings.Count(s, "/") <= 1 && len(s) <= 16 }
	interval16 := plain("/" + interval)
	if asRate && plain(rate) || !interval16 {
		return fmt.Sprintf("sample_rate = %q", rate)
	}
	return fmt.Sprintf("sample_interval = %q", interval)
}

// way is a change of the set-up that would allow an interval.
type way struct {
	words    []string
	kinds    int // which things change, as bits
	channels int
	far      int // bits between the resolution and the one that is wanted
}

// changes tells which other set-ups would allow the interval.
func (c *checker) changes(want units.Interval, caps driver.ModeCapabilities) string {
	ways := c.ways(caps, func(l driver.RateLimit) bool {
		_, exact, _ := l.Nearest(want)
		return exact
	})
	if ways == "" {
		return ""
	}
	return fmt.Sprintf("It is possible %s.", ways)
}

// otherSetup says what to do about a set-up that cannot run at all.
func (c *checker) otherSetup(want units.Interval, caps driver.ModeCapabilities) string {
	if more := c.changes(want, caps); more != "" {
		return "Change the set-up. " + more
	}
	if ways := c.ways(caps, func(driver.RateLimit) bool { return true }); ways != "" {
		return fmt.Sprintf("It can run %s, and at another rate.", ways)
	}
	return "Record fewer channels, or none of the digital ports, or at another resolution."
}

// ways tells which other set-ups have a limit that allows what is wanted; empty: none.
func (c *checker) ways(caps driver.ModeCapabilities, allows func(driver.RateLimit) bool) string {
	var ways []way
	for _, l := range caps.Rates {
		if w, ok := c.wayTo(l, caps, allows); ok {
			ways = append(ways, w)
		}
	}
	// A way that asks for more than another is not worth telling.
	var best []string
	for i, w := range ways {
		needless := false
		for j, v := range ways {
			smaller := v.kinds&w.kinds == v.kinds && v.channels >= w.channels
			same := v.kinds == w.kinds && v.channels == w.channels
			needless = needless || i != j && smaller && (!same || v.far < w.far || v.far == w.far && j < i)
		}
		if !needless {
			best = append(best, strings.Join(w.words, " and "))
		}
	}
	if len(best) == 0 {
		return ""
	}
	return list(best[:min(len(best), 3)], "or")
}

// wayTo returns the change that makes a limit count, if what then holds allows what is wanted.
func (c *checker) wayTo(l driver.RateLimit, caps driver.ModeCapabilities, allows func(driver.RateLimit) bool) (way, bool) {
	n, bits, digital := c.enabled(), c.bits(), len(c.dev.Digital) > 0
	var w way
	if l.MaxChannels != 0 && n > l.MaxChannels {
		n = l.MaxChannels
		w.words, w.kinds = append(w.words, fmt.Sprintf("with at most %d channel%s", n, plural(n))), w.kinds|1
	}
	if l.Bits != 0 && l.Bits != bits {
		w.far = max(l.Bits-bits, bits-l.Bits)
		bits = l.Bits
		w.words, w.kinds = append(w.words, fmt.Sprintf("with resolution = \"%dbit\"", bits)), w.kinds|2
	}
	if l.Digital == 1 && digital {
		digital = false
		w.words, w.kinds = append(w.words, "without digital ports"), w.kinds|4
	}
	w.channels = n
	if w.kinds == 0 || l.Digital == 2 && !digital || w.kinds&2 != 0 && !slices.Contains(c.caps.Resolutions, bits) {
		return w, false
	}
	other, ok := caps.Limit(n, bits, digital)
	return w, ok && allows(other)
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func (c *checker) downsample(d driver.Downsample, caps driver.ModeCapabilities, path string) {
	if d.Mode != driver.DownsampleNone && d.Mode != "" && !slices.Contains(caps.Downsample, d.Mode) {
		legal := append([]driver.DownsampleMode{driver.DownsampleNone}, without(caps.Downsample, driver.DownsampleNone)...)
		c.fail(under(path, "mode"), fmt.Sprintf("%s cannot downsample by %s", upperFirst(c.who()), d.Mode), fmt.Sprintf("Write mode = %s.", list(quoted(legal), "or")))
		return
	}
	if caps.MaxRatio > 0 && d.Ratio > caps.MaxRatio && !c.p.places.isBad(under(path, "ratio")) {
		c.fail(under(path, "ratio"), "ratio is too large", fmt.Sprintf("Write ratio = %d or less.", caps.MaxRatio))
	}
	if d.KeepRaw && d.Mode != driver.DownsampleNone && !caps.RawBeside {
		c.fail(under(path, "keep_raw"), fmt.Sprintf("%s cannot deliver raw and downsampled samples together", upperFirst(c.who())), "Write keep_raw = false, or record raw samples only.")
	}
}

// length checks how much lies around a trigger.
func (c *checker) length(pre, post driver.Span, interval units.Interval, caps driver.ModeCapabilities, path string) {
	if caps.MaxSamples <= 0 || c.p.places.isBad(under(path, "pre")) || c.p.places.isBad(under(path, "post")) {
		return
	}
	total := new(big.Int)
	for _, s := range []driver.Span{pre, post} {
		n, ok := spanSamples(s, interval)
		if !ok {
			return
		}
		total.Add(total, n)
	}
	if limit := big.NewInt(caps.MaxSamples); total.Cmp(limit) > 0 {
		detail := fmt.Sprintf("It has %s samples; %s holds %s.", groupedBig(total), c.who(), grouped(caps.MaxSamples))
		if interval.Sign() > 0 {
			longest := new(big.Rat).Mul(interval.Big(), big.NewRat(caps.MaxSamples, 1))
			if r, ok := fraction(longest); ok && !strings.Contains(units.Interval{Rational: r}.String(), "/") {
				detail += fmt.Sprintf(" At this rate pre and post may have %s together.", units.Interval{Rational: r})
			}
		}
		at := under(path, "post")
		if _, written := c.p.places.ranges[at]; !written {
			at = under(path, "pre")
		}
		c.fail(at, "The capture is too long", upperFirst(detail))
	}
}

// spanSamples returns the samples of a stretch, rounded up; ok is false when the interval is not known.
func spanSamples(s driver.Span, interval units.Interval) (*big.Int, bool) {
	if s.Time.IsZero() {
		return big.NewInt(s.Samples), true
	}
	if interval.Sign() <= 0 {
		return nil, false
	}
	q := new(big.Rat).Quo(s.Time.Big(), interval.Big())
	n, rest := new(big.Int).QuoRem(q.Num(), q.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		n.Add(n, big.NewInt(1))
	}
	return n, true
}
