package plan

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/scopelog/scopelog/driver"
)

// shallow reports a slope that is less than one count between the samples that are compared, on every model that may be the device's: noise alone
// would be an event. The unit that is opened has the last word.
func (b *block) shallow(e *Event, dev *Device, ch *Channel, change *big.Rat) {
	k := b.d.drivers[dev.Driver]
	if k == nil || !k.known || change.Sign() <= 0 {
		return
	}
	var finest *big.Rat // the smallest count
	for _, m := range k.desc.Models {
		if dev.Model != "" && m.Model != "" && !strings.EqualFold(strings.ReplaceAll(dev.Model, " ", ""), strings.ReplaceAll(m.Model, " ", "")) {
			continue
		}
		count := countOf(dev, ch, m)
		if count == nil {
			return
		}
		if finest == nil || count.Cmp(finest) < 0 {
			finest = count
		}
	}
	if finest == nil || change.Cmp(finest) >= 0 {
		return
	}
	detail := "Noise alone would be an event."
	channel, stream := under(dev.text, "channel", ch.Name), under(dev.text, "stream")
	text := b.hidden(b.hiddenIn(stream, b.hiddenIn(channel, shortVolts(change), "range", "probe"), "sample_rate", "sample_interval", "downsample.ratio"), "slope", "over")
	if text != hidden {
		detail = fmt.Sprintf("It is %s between the samples that are compared, and one count of the converter is %s: noise alone would be an event.", text, shortVolts(finest))
	}
	b.fail("slope", "The change that is looked for is smaller than one count", detail+` Write a longer distance of the two samples, such as over = "1ms", a smaller range, or a steeper slope.`)
}

// countOf is how many volts at the tip one code of a model stands for in a channel; nil: not known.
func countOf(dev *Device, ch *Channel, m driver.Capabilities) *big.Rat {
	bits := dev.Resolution
	if bits == 0 && len(m.Resolutions) > 0 {
		bits = m.Resolutions[0]
	}
	for _, c := range m.MaxCodes {
		if c.Bits == bits && c.Max > 0 {
			return new(big.Rat).Quo(ch.Range.Rational().Big(), new(big.Rat).SetInt64(int64(c.Max)))
		}
	}
	return nil
}

// shortVolts prints a voltage to three digits.
func shortVolts(v *big.Rat) string {
	f, _ := v.Float64()
	return fmt.Sprintf("%.3g V", f)
}
