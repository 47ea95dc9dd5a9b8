package plan

import (
	"fmt"
	"math/big"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// modes reads how the device acquires: exactly one of stream, block and rapid_block.
func (b *block) modes(dev *Device) {
	var written []*hcl.Block
	for _, name := range []string{"stream", "block", "rapid_block"} {
		if found := b.nested[name]; len(found) > 0 {
			written = append(written, found[0])
		}
	}
	switch {
	case len(written) == 0:
		if !b.broken && !b.meant["stream"] && !b.meant["block"] && !b.meant["rapid_block"] {
			b.failBlock(fmt.Sprintf("The device %q does not say how to acquire", dev.Name),
				`Write one of the blocks stream { sample_rate = "1MS/s" }, block and rapid_block.`)
		}
		b.d.plan.places.mark(under(b.path, "mode"))
		dev.Stream = &driver.StreamConfig{}
		return
	case len(written) > 1:
		for _, extra := range written[1:] {
			b.d.plan.places.mark(under(b.path, "mode"))
			b.d.p.add(errorAt(extra.DefRange, fmt.Sprintf("%s and %s exclude each other", written[0].Type, extra.Type),
				"A device acquires in one way. Remove one of the blocks; two units can do two things in two device blocks."))
		}
	}
	switch written[0].Type {
	case "stream":
		dev.Stream = b.stream(dev)
	case "block":
		k, _ := b.one("block")
		dev.Block = k.blockMode()
	case "rapid_block":
		k, _ := b.one("rapid_block")
		dev.RapidBlock = &driver.RapidBlockConfig{BlockConfig: *k.blockMode()}
		dev.RapidBlock.Captures, _ = k.integer("captures", 1, maxInt)
	}
}

func (b *block) stream(dev *Device) *driver.StreamConfig {
	k, _ := b.one("stream")
	s := &driver.StreamConfig{}
	s.Interval, _ = k.sampleInterval(false)
	s.Pre, _ = k.span("pre")
	s.Post, _ = k.span("post")
	s.StopAfterTrigger = k.boolean("stop_after_trigger", false)
	for _, name := range []string{"pre", "post"} {
		if k.has(name) && !s.StopAfterTrigger && !k.isBad("stop_after_trigger") {
			k.fail(name, fmt.Sprintf("%s has no effect here", name),
				fmt.Sprintf("A stream records all the time. Write stop_after_trigger = true to end it after a trigger, or remove %s.", name))
		}
	}
	if s.StopAfterTrigger && len(b.nested["trigger"]) == 0 && !b.broken {
		k.fail("stop_after_trigger", "There is no trigger", "Write a trigger block in the device, or remove stop_after_trigger.")
	}
	s.Downsample = k.downsample()
	k.firstGroup(s)
	return s
}

// firstGroup refuses a ratio with which the run ends before one group of samples is complete: nothing would be recorded.
func (k *block) firstGroup(s *driver.StreamConfig) {
	p, r := k.d.plan, k.d.plan.Run
	path := under(k.path, "downsample", "ratio")
	if s.Downsample.Mode == driver.DownsampleNone || s.Interval.Sign() <= 0 || p.places.isBad(path) || r.Duration <= 0 && r.Samples <= 0 {
		return
	}
	samples, end := r.Samples, "run.samples"
	if r.Duration > 0 {
		samples, end = r.MaxSamples(s.Interval), "run.duration"
	}
	if samples >= s.Downsample.Ratio || p.places.isBad(end) {
		return
	}
	detail := fmt.Sprintf("The run ends after %s. Write ratio = %d or less, or record for longer.", samplesText(samples), samples)
	if samples < 2 {
		detail = "The run ends before its second sample: record for longer."
	}
	for _, told := range []string{path, end, under(k.path, "sample_rate"), under(k.path, "sample_interval")} {
		if _, secret := p.Sensitive(told); secret {
			detail = "Write a smaller ratio, or record for longer."
		}
	}
	at, _ := p.Range(path)
	p.places.mark(path)
	k.d.p.add(errorAt(at, "The run ends before one group of samples is complete", detail))
}

func (k *block) blockMode() *driver.BlockConfig {
	c := &driver.BlockConfig{}
	c.Interval, c.Timebase = k.sampleInterval(true)
	c.Pre, _ = k.span("pre")
	c.Post, _ = k.span("post")
	if c.Pre == (driver.Span{}) && c.Post == (driver.Span{}) && !k.isBad("pre") && !k.isBad("post") {
		k.failBlock("The block has no length", `Write post = "1ms", or a number of samples; and pre for what comes before the trigger.`)
	}
	if n, ok := k.integer("memory_segment", 0, 1<<32-1); ok {
		c.MemorySegment = uint32(n)
	}
	c.Repeat = k.repeat()
	c.Downsample = k.downsample()
	k.wholeBlock(c)
	return c
}

// wholeBlock warns of a block that is longer than the run: none would become complete.
func (k *block) wholeBlock(c *driver.BlockConfig) {
	r := k.d.plan.Run
	if r.Duration <= 0 || k.isBad("pre") || k.isBad("post") || k.d.plan.places.isBad("run.duration") {
		return
	}
	long, told := new(big.Rat), "post"
	for _, s := range []driver.Span{c.Pre, c.Post} {
		t := s.Time.Big()
		if s.Time.IsZero() {
			t = new(big.Rat).Mul(c.Interval.Big(), new(big.Rat).SetInt64(s.Samples))
		}
		long.Add(long, t)
	}
	if !k.has("post") {
		told = "pre"
	}
	duration := units.IntervalOf(r.Duration)
	if long.Cmp(duration.Big()) <= 0 {
		return
	}
	detail := "Record for longer, or write a shorter block."
	if text := k.hidden(apart(1, shortInterval(long)), "pre", "post", "sample_rate", "sample_interval"); text != hidden {
		detail = fmt.Sprintf("A block takes %s, and the run ends after %s. ", text, units.FormatDuration(r.Duration)) + detail
	}
	k.d.p.add(warningAt(k.place(told), "The run ends before a block is complete", detail))
}

// sampleInterval reads the one of sample_rate, sample_interval and (block modes) timebase that is written.
func (k *block) sampleInterval(timebase bool) (units.Interval, *uint32) {
	names, example := []string{"sample_rate", "sample_interval"}, `sample_rate = "1MS/s" or sample_interval = "1us"`
	if timebase {
		names, example = append(names, "timebase"), `sample_rate = "1MS/s", sample_interval = "1us" or timebase = 3`
	}
	k.exclusive("They say the same in two ways. Keep one.", names...)
	var interval units.Interval
	switch {
	case k.has("sample_rate"):
		rate, ok := quantity(k, "sample_rate", "", units.ParseRate)
		if ok {
			interval = rate.Interval()
		}
	case k.has("sample_interval"):
		interval, _ = k.interval("sample_interval")
	case timebase && k.has("timebase"):
		if n, ok := k.integer("timebase", 0, 1<<32-1); ok {
			t := uint32(n)
			return interval, &t
		}
	default:
		k.d.plan.places.mark(under(k.path, "sample_rate"))
		if k.meant["sample_rate"] || k.meant["sample_interval"] || k.meant["timebase"] {
			break
		}
		k.d.p.add(errorAt(k.def, "The sample rate is missing", fmt.Sprintf("Write %s.", example)))
	}
	return interval, nil
}

// repeat reads how often a block is captured.
func (k *block) repeat() driver.Repeat {
	r := driver.Repeat{Count: 1}
	v, secret, ok := k.value("repeat")
	switch n, whole := int64(0), false; {
	case !ok:
		if k.has("repeat_for") {
			r.Count = 0
		} else if !k.has("repeat") {
			k.out.set("repeat", 1)
		}
	default:
		if n, whole = wholeOf(v); whole && n >= 1 {
			r.Count = n
			k.record("repeat", n)
		} else if text, ok := k.text("repeat"); ok && text == "forever" {
			r.Count, r.Forever = 0, true
		} else if ok {
			k.wrong("repeat", v, secret, `a whole number of 1 or more, or "forever"`, "10")
		}
	}
	if k.has("repeat_for") {
		r.For = k.duration("repeat_for", "", time.Millisecond, longest)
	}
	if k.has("every") {
		r.Every = k.duration("every", "", time.Microsecond, longest)
	}
	return r
}

func (k *block) downsample() driver.Downsample {
	none := driver.Downsample{Mode: driver.DownsampleNone, Ratio: 1}
	s, ok := k.one("downsample")
	if !ok {
		k.out.object("downsample").set("mode", string(none.Mode))
		return none
	}
	d := none
	d.Mode = choice(s, "mode", driver.DownsampleNone, driver.DownsampleAggregate, driver.DownsampleDecimate, driver.DownsampleAverage)
	d.KeepRaw = s.boolean("keep_raw", false)
	bad := s.isBad("mode")
	ratio, ok := s.samples("ratio", 1)
	switch {
	case ok:
		d.Ratio = ratio
		if d.Mode == driver.DownsampleNone && ratio != 1 && !bad {
			s.fail("ratio", "ratio has no effect", `With mode = "none" every sample is kept. Write another mode, such as "aggregate", or remove ratio.`)
		} else if d.Mode != driver.DownsampleNone && ratio < 2 {
			s.fail("ratio", "ratio must be 2 or more", "It is how many samples become one.")
		}
	case !s.has("ratio") && d.Mode != driver.DownsampleNone && !bad:
		s.d.plan.places.mark(under(s.path, "ratio"))
		s.d.p.add(errorAt(s.def, "ratio is missing", "Write ratio = 100: how many samples become one."))
	}
	return d
}
