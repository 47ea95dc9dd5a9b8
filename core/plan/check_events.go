package plan

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// MaxSlopeSamples is the longest distance of the two samples that a slope compares.
const MaxSlopeSamples = 4096

// triggerEvent checks an event that is a device's trigger.
func (b *block) triggerEvent(e *Event, dev *Device) {
	for _, name := range []string{"direction", "hysteresis"} {
		if b.has(name) {
			b.fail(name, name+" has no effect", "The event is the device's trigger. Remove it, or look for something in a channel.")
		}
	}
	if dev == nil || b.isBad("source") || dev.Trigger != nil || b.d.plan.places.isBad(under(dev.text, "trigger")) {
		return
	}
	b.fail("source", fmt.Sprintf("The device %q has no trigger", e.Device),
		fmt.Sprintf(`Write a trigger block in the device, or look for something in a channel: source = "%s.A" with level, window or slope.`, e.Device))
}

// watched checks a condition on a channel against the channel and how it is streamed.
func (b *block) watched(e *Event, dev *Device) {
	ch, _ := dev.Channel(e.Channel)
	places := &b.d.plan.places
	switch {
	case !ch.Enabled:
		b.fail("source", fmt.Sprintf("The channel %q is not enabled", e.Channel), "An event needs its samples. Remove enabled = false from the channel, or this event.")
		return
	case dev.Stream == nil:
		b.fail("source", fmt.Sprintf("The device %q does not stream", e.Device),
			fmt.Sprintf(`Events are looked for in streamed channels. Write a stream block in the device, or source = "%s" for its trigger.`, e.Device))
		return
	}
	switch e.Kind {
	case EventLevel:
		b.reachable(dev, e.Channel, "level", e.Level)
		b.returns(e, dev, &ch)
	case EventWindow:
		b.reachableWindow(e, dev, &ch)
		if aggregated(dev) && !b.isBad("window") {
			b.fail("window", "A window cannot be looked for in smallest and largest samples",
				"Where the signal was in between is not known. Write keep_raw = true in the device's downsample block, another mode, or two events with a level.")
		}
	case EventSlope:
		if !places.isBad(under(dev.text, "stream")) {
			b.distance(e, dev, &ch)
		}
	}
}

// aggregated tells whether only the smallest and largest samples of groups are streamed.
func aggregated(dev *Device) bool {
	s := dev.Stream.Downsample
	return s.Mode == driver.DownsampleAggregate && !s.KeepRaw
}

// returns reports a hysteresis that the channel cannot measure: after one event none would follow.
func (b *block) returns(e *Event, dev *Device, ch *Channel) {
	if e.Hysteresis == 0 || ch.Range <= 0 || b.isBad("level") || b.isBad("hysteresis") || b.d.plan.places.isBad(under(dev.text, "channel", ch.Name)) {
		return
	}
	back := e.Level - e.Hysteresis
	if e.Direction == driver.DirectionFalling || e.Direction == driver.DirectionBelow {
		back = e.Level + e.Hysteresis
	}
	if low, high := -ch.Range-ch.Offset, ch.Range-ch.Offset; back < low || back > high {
		b.fail("hysteresis", "hysteresis goes beyond what the channel measures",
			fmt.Sprintf("After one event the signal would have to come to %s, and the channel measures %s. Write a smaller hysteresis.", b.hidden(compact(back), "level", "hysteresis"), b.measures(dev, ch)))
	}
}

// reachableWindow reports a window that the signal is always in, or never, and a hysteresis that closes it.
func (b *block) reachableWindow(e *Event, dev *Device, ch *Channel) {
	if ch.Range <= 0 || b.isBad("window") || b.d.plan.places.isBad(under(dev.text, "channel", ch.Name)) {
		return
	}
	low, high := -ch.Range-ch.Offset, ch.Range-ch.Offset
	switch {
	case e.Upper < low || e.Lower > high:
		b.fail("window", fmt.Sprintf("window lies beyond what channel %s measures", ch.Name),
			fmt.Sprintf("With its range and offset it goes %s.", b.measures(dev, ch)))
	case e.Lower <= low && e.Upper >= high:
		b.fail("window", fmt.Sprintf("window holds all that channel %s measures", ch.Name),
			fmt.Sprintf("With its range and offset it goes %s. Write a narrower window.", b.measures(dev, ch)))
	case 2*e.Hysteresis >= e.Upper-e.Lower && !b.isBad("hysteresis") && (e.Direction == driver.DirectionExit || e.Direction == driver.DirectionOutside):
		b.fail("hysteresis", "hysteresis leaves nothing of the window", "The signal has to come back inside by it from both bounds. Write less than half of the window.")
	}
}

// distance checks how far apart the samples are that a slope compares.
func (b *block) distance(e *Event, dev *Device, ch *Channel) {
	interval, ratio := dev.Stream.Interval, int64(1)
	if d := dev.Stream.Downsample; d.Mode != driver.DownsampleNone && !d.KeepRaw {
		ratio = max(d.Ratio, 1)
	}
	if interval.Sign() <= 0 || b.isBad("slope") || b.isBad("over") {
		return
	}
	n, stream := SlopeSamples(e.Over, interval, ratio), under(dev.text, "stream")
	longest := new(big.Rat).Mul(interval.Big(), big.NewRat(MaxSlopeSamples*ratio, 1))
	switch {
	case n > MaxSlopeSamples:
		b.fail("over", "over is too long", fmt.Sprintf("A slope compares samples that are at most %d apart, %s at this sample rate.", MaxSlopeSamples, b.hiddenIn(stream, compact(shortInterval(longest)), "sample_rate", "sample_interval", "downsample.ratio")))
		return
	case b.d.plan.places.isBad(under(dev.text, "channel", ch.Name)) || ch.Range <= 0:
		return
	}
	change := new(big.Rat).Mul(e.Slope.Big(), interval.Big())
	change.Mul(change, big.NewRat(n*ratio, 1))
	if most := new(big.Rat).Mul(ch.Range.Rational().Big(), big.NewRat(2, 1)); change.Cmp(most) > 0 {
		b.fail("slope", "The signal cannot change so fast within what the channel measures",
			fmt.Sprintf("It would be more than %s between the samples that are compared, which are %s apart. Write a smaller slope, or a shorter over.", b.hiddenIn(under(dev.text, "channel", ch.Name), compact(2*ch.Range), "range"),
				b.hidden(b.hiddenIn(stream, apart(n*ratio, interval), "sample_rate", "sample_interval", "downsample.ratio"), "over")))
		return
	}
	b.shallow(e, dev, ch, change)
}

func apart(n int64, interval units.Interval) string {
	return compact(shortInterval(new(big.Rat).Mul(interval.Big(), big.NewRat(n, 1))))
}

// shortInterval prints well: it is rounded down to microseconds where it has more.
func shortInterval(r *big.Rat) units.Interval {
	us := new(big.Rat).Mul(r, big.NewRat(1e6, 1))
	n := new(big.Int).Quo(us.Num(), us.Denom())
	if n.Sign() > 0 && n.IsInt64() || !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return units.Seconds(n.Int64(), 1e6)
	}
	return units.Interval{Rational: units.Rat(r.Num().Int64(), r.Denom().Int64())}
}

// SlopeSamples is how far apart the samples are that a slope compares, in samples of a stream with a ratio; 1 or more. A time is
// rounded to the nearest.
func SlopeSamples(over driver.Span, interval units.Interval, ratio int64) int64 {
	if over == (driver.Span{}) {
		return 1
	}
	q := new(big.Rat).SetInt64(over.Samples)
	if over.Samples == 0 {
		q.Quo(over.Time.Big(), interval.Big())
	}
	q.Quo(q, new(big.Rat).SetInt64(max(ratio, 1)))
	q.Add(q, big.NewRat(1, 2))
	n := new(big.Int).Quo(q.Num(), q.Denom())
	if !n.IsInt64() {
		return maxInt
	}
	return max(n.Int64(), 1)
}

// starts checks the devices that an event starts.
func (b *block) starts(e *Event, names []string) []string {
	for i, name := range names {
		dev := b.d.plan.Device(name)
		switch {
		case dev == nil:
			b.fail("start", fmt.Sprintf("There is no device %q", name), didYouMean(name, b.d.deviceNames(), "devices"))
		case slices.Contains(names[:i], name):
			b.fail("start", fmt.Sprintf("%q stands twice in start", name), "Write each device once.")
		case name == e.Device:
			b.fail("start", fmt.Sprintf("The event comes from %q, and would start it", name), "A device that waits for an event cannot bring it. Remove it from start.")
		case dev.block() == nil:
			if !b.d.plan.places.isBad(under(dev.text, "mode")) {
				b.fail("start", fmt.Sprintf("The device %q streams all the time", name), "An event starts devices that capture: write a block or rapid_block instead of its stream, or remove it from start.")
			}
		default:
			b.startable(e.Name, dev)
		}
	}
	return names
}

func (b *block) startable(event string, dev *Device) {
	every := under(dev.text, dev.modeName(), "every")
	if dev.block().Repeat.Every > 0 && !b.d.plan.places.isBad(every) {
		r, _ := b.d.plan.Range(every)
		b.d.plan.places.mark(every)
		b.d.p.add(errorAt(r, "every has no effect", fmt.Sprintf("The event %q says when the device is armed. Remove every, or remove the device from start.", event)))
	}
	if k := b.d.drivers[dev.Driver]; k != nil && k.known && !slices.Contains(k.desc.Abilities, driver.AbilityArm) {
		b.fail("start", fmt.Sprintf("The driver %q cannot arm by order", dev.Driver), fmt.Sprintf("Remove %q from start; it then captures by itself, when its trigger comes.", dev.Name))
	}
}

// block returns the device's block, also that of a rapid block; nil when it streams.
func (d *Device) block() *driver.BlockConfig {
	switch {
	case d.Block != nil:
		return d.Block
	case d.RapidBlock != nil:
		return &d.RapidBlock.BlockConfig
	}
	return nil
}

func (d *Device) modeName() string { return string(d.Mode()) }

// ordered lets the devices that events start wait for them, and reports those that can never be started: all that starts them waits
// itself.
func (d *decoder) ordered() {
	by := map[string][]string{} // events by the device that they start
	for _, e := range d.plan.Events {
		for _, name := range e.Start {
			by[name] = append(by[name], e.Name)
		}
	}
	nodes, _ := d.plan.tree.values["devices"].([]*node)
	for i, dev := range d.plan.Devices {
		b := dev.block()
		if b == nil || len(by[dev.Name]) == 0 {
			continue
		}
		b.Repeat.Ordered = true
		var n *node
		if i < len(nodes) {
			n, _ = nodes[i].values[dev.modeName()].(*node)
		}
		if n != nil {
			n.set("started_by", by[dev.Name])
		}
		if _, written := d.plan.places.ranges[under(dev.text, dev.modeName(), "repeat")]; !written && b.Repeat.Count == 1 {
			if b.Repeat.Count, b.Repeat.Forever = 0, true; n != nil {
				n.set("repeat", "forever")
			}
		}
	}
	d.unreachable(by)
}

func (d *decoder) unreachable(by map[string][]string) {
	comes := map[string]bool{} // devices that run by themselves, or are started by one that comes
	for changed := true; changed; {
		changed = false
		for _, dev := range d.plan.Devices {
			if comes[dev.Name] {
				continue
			}
			ok := len(by[dev.Name]) == 0
			for _, e := range d.plan.Events {
				ok = ok || comes[e.Device] && slices.Contains(e.Start, dev.Name)
			}
			comes[dev.Name], changed = ok, changed || ok
		}
	}
	for _, e := range d.plan.Events {
		path := under("event", e.Name, "start")
		for _, name := range e.Start {
			if d.plan.Device(name) == nil || comes[name] || d.plan.places.isBad(under("event", e.Name)) {
				continue
			}
			r, _ := d.plan.Range(path)
			d.plan.places.mark(path)
			d.p.add(errorAt(r, fmt.Sprintf("The device %q is never started", name),
				fmt.Sprintf("What starts it comes from %q, which waits for an event itself, in a circle. One of them must record by itself.", e.Device)))
		}
	}
}
