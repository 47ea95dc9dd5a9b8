package recorder

import (
	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// measureRate fits the raw sample rate against the host's clock by one more pair, for the metadata of the segments that
// are sealed from now on. What was fitted before holds until there is something better.
func (d *Device) measureRate(p clock.Pair) {
	d.rate.Add(p)
	if hz, uncertainty, ok := d.rate.Rate(); ok {
		d.o.Writer.SetRateMeasured(recording.RateMeasured{Hz: hz, UncertaintyHz: uncertainty})
	}
}
