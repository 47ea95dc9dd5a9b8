package plan

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// channel checks one analog channel.
func (c *checker) channel(ch *Channel) {
	path := c.path("channel", ch.Name)
	caps, ok := c.caps.Channel(ch.Name)
	if !ok {
		var names []string
		for _, cc := range c.caps.Channels {
			names = append(names, cc.Name)
		}
		if _, ok := c.supplied.Channel(ch.Name); ok {
			c.fail(path, fmt.Sprintf("%s has no channel %q on USB power", upperFirst(c.who()), ch.Name),
				fmt.Sprintf("Plug in its power supply. On USB power the channels are %s.", list(names, "and")))
			return
		}
		c.fail(path, fmt.Sprintf("%s has no channel %q", upperFirst(c.who()), ch.Name), didYouMean(ch.Name, names, "channels"))
		return
	}
	if !c.skip("channel", ch.Name, "range") && !c.skip("channel", ch.Name, "probe") {
		c.rangeOf(ch, caps, under(path, "range"))
		if !c.skip("channel", ch.Name, "offset") {
			c.offsetOf(ch, caps, under(path, "offset"))
		}
	}
	if !c.skip("channel", ch.Name, "coupling") && !slices.Contains(caps.Couplings, ch.Coupling) {
		c.fail(under(path, "coupling"), fmt.Sprintf("Channel %s cannot be coupled %q", ch.Name, ch.Coupling),
			fmt.Sprintf("%s has %s: write coupling = %s.", upperFirst(c.who()), list(quoted(caps.Couplings), "and"), list(quoted(caps.Couplings), "or")))
	}
	if !ch.Bandwidth.IsZero() && !slices.ContainsFunc(caps.Bandwidths, func(f units.Frequency) bool { return f.Cmp(ch.Bandwidth.Rational) == 0 }) {
		legal := []string{`"full"`}
		for _, f := range caps.Bandwidths {
			if !f.IsZero() {
				legal = append(legal, fmt.Sprintf("%q", compact(f)))
			}
		}
		at := under(path, "bandwidth")
		c.fail(at, fmt.Sprintf("bandwidth %s is not possible", c.p.shown(at, fmt.Sprintf("%q", compact(ch.Bandwidth)))), fmt.Sprintf("Write bandwidth = %s.", list(legal, "or")))
	}
}

// inputOf returns the voltage at the input, in nanovolts and exactly.
func inputOf(ch *Channel, tip units.Voltage) *big.Rat {
	return new(big.Rat).Quo(new(big.Rat).SetInt64(int64(tip)), ch.Probe.Big())
}

// withProbe says that the voltages of an error are at the tip, where that is not the input.
func withProbe(ch *Channel) string {
	if ch.Probe.Cmp(units.Rat(1, 1)) == 0 {
		return ""
	}
	return fmt.Sprintf(" at the tip of the x%s probe", ch.Probe)
}

func (c *checker) rangeOf(ch *Channel, caps driver.ChannelCapabilities, at string) {
	want := inputOf(ch, ch.Range)
	if caps.AnyRange && len(caps.Ranges) == 2 {
		low, high := big.NewRat(int64(caps.Ranges[0]), 1), big.NewRat(int64(caps.Ranges[1]), 1)
		if want.Cmp(low) >= 0 && want.Cmp(high) <= 0 {
			return
		}
		near := caps.Ranges[0]
		if want.Cmp(high) > 0 {
			near = caps.Ranges[1]
		}
		c.fail(at, c.notPossible(ch, at), fmt.Sprintf("Every range from %s to %s%s is possible. The nearest is range = %s.",
			compact(ch.Tip(caps.Ranges[0])), compact(ch.Tip(caps.Ranges[1])), withProbe(ch), quote(ch.Tip(near))))
		return
	}
	var legal []string
	var best *big.Rat
	near := units.Voltage(0)
	for _, r := range caps.Ranges {
		diff := new(big.Rat).Sub(want, big.NewRat(int64(r), 1))
		if diff.Sign() == 0 {
			return
		}
		if diff.Abs(diff); best == nil || diff.Cmp(best) < 0 {
			best, near = diff, r
		}
		legal = append(legal, compact(ch.Tip(r)))
	}
	if best == nil {
		return // the driver does not say
	}
	c.fail(at, c.notPossible(ch, at), fmt.Sprintf("The nearest is range = %s. The ranges of channel %s%s are %s.", quote(ch.Tip(near)), ch.Name, withProbe(ch), list(legal, "and")))
}

func (c *checker) notPossible(ch *Channel, at string) string {
	return fmt.Sprintf("range %s is not possible on channel %s", c.p.shown(at, quote(ch.Range)), ch.Name)
}

func (c *checker) offsetOf(ch *Channel, caps driver.ChannelCapabilities, at string) {
	if ch.Offset == 0 {
		return
	}
	input := inputOf(ch, ch.Range)
	i := slices.IndexFunc(caps.Offsets, func(l driver.OffsetLimit) bool { return big.NewRat(int64(l.Range), 1).Cmp(input) >= 0 })
	summary := fmt.Sprintf("offset %s is not possible on channel %s", c.p.shown(at, quote(ch.Offset)), ch.Name)
	if i < 0 {
		c.fail(at, summary, "In this range the channel has no analog offset. Write offset = \"0V\", or choose another range.")
		return
	}
	want := inputOf(ch, ch.Offset)
	low, high := caps.Offsets[i].Min, caps.Offsets[i].Max
	if want.Cmp(big.NewRat(int64(low), 1)) >= 0 && want.Cmp(big.NewRat(int64(high), 1)) <= 0 {
		return
	}
	near := low
	if want.Sign() > 0 {
		near = high
	}
	c.fail(at, summary, fmt.Sprintf("With this range it goes from %s to %s%s. The nearest is offset = %s.", compact(ch.Tip(low)), compact(ch.Tip(high)), withProbe(ch), quote(ch.Tip(near))))
}
