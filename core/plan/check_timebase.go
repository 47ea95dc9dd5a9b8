package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// TimebaseInterval is what a timebase number means on some models.
type TimebaseInterval struct {
	Interval units.Interval
	Models   []string // their names; empty: on any
}

// noteTimebase notes what a device's timebase means on a model that can do it. What a secret number means is not told.
func (p *Plan) noteTimebase(d *Device, model driver.Capabilities) {
	b := d.block()
	if b == nil || b.Timebase == nil {
		return
	}
	if _, secret := p.Sensitive(under(d.text, d.modeName(), "timebase")); secret {
		return
	}
	interval := (&checker{p: p, dev: d, caps: model}).interval()
	if interval.IsZero() {
		return
	}
	i := slices.IndexFunc(d.Timebases, func(t TimebaseInterval) bool { return t.Interval.Cmp(interval.Rational) == 0 })
	if i < 0 {
		i = len(d.Timebases)
		d.Timebases = append(d.Timebases, TimebaseInterval{Interval: interval})
	}
	if model.Model != "" {
		d.Timebases[i].Models = append(d.Timebases[i].Models, model.Model)
	}
}

// interval is how far raw samples are apart; 0: not known, be it that only the opened unit knows what its numbers mean.
func (c *checker) interval() (i units.Interval) {
	if c.dev.Stream != nil {
		return c.dev.Stream.Interval
	}
	b := c.dev.block()
	if b.Timebase == nil {
		return b.Interval
	}
	if mode, ok := c.caps.Mode(c.dev.Mode()); ok && mode.TimebaseNumbers && !c.opened {
		if t, ok := mode.TimebasesAt(c.bits()); ok {
			i, _ = t.Interval(*b.Timebase)
		}
	}
	return i
}

// usable tells whether what limits depend on, channels and resolution, is possible; if not, it has been named.
func (c *checker) usable() bool {
	bits := c.bits()
	return !c.skip("resolution") && c.enabled() <= len(c.caps.Channels) && (bits == 0 || slices.Contains(c.caps.Resolutions, bits))
}

// timebase checks a timebase number: that there is one, and that its interval is possible with what is on.
func (c *checker) timebase(b *driver.BlockConfig, caps driver.ModeCapabilities, path string) {
	at := under(path, "timebase")
	if b.Timebase == nil || !caps.TimebaseNumbers || c.opened || c.p.places.isBad(at) || !c.usable() {
		return
	}
	n, bits, digital := c.enabled(), c.bits(), len(c.dev.Digital) > 0
	limit, possible := caps.Limit(n, bits, digital)
	if !possible && len(caps.Rates) > 0 {
		advice := "Record fewer channels, or none of the digital ports, or at another resolution."
		if ways := c.ways(caps, func(driver.RateLimit) bool { return true }); ways != "" {
			advice = fmt.Sprintf("It can run %s.", ways)
		}
		c.fail(at, fmt.Sprintf("No timebase is possible with %s", c.setup(n, bits, digital)), advice)
		return
	}
	table, ok := caps.TimebasesAt(bits)
	if !ok {
		return
	}
	asked := c.p.shown(at, fmt.Sprint(*b.Timebase))
	want, exists := table.Interval(*b.Timebase)
	if !exists {
		edge := min(max(*b.Timebase, table.First), table.Last)
		if want, ok = table.Interval(edge); !ok {
			want, _ = table.Interval(table.First)
		}
		detail := fmt.Sprintf("The numbers of %s go from %d to %d", c.who(), table.First, table.Last)
		if bits != 0 {
			detail += fmt.Sprintf(" at %d bit", bits)
		}
		c.fail(at, fmt.Sprintf("There is no timebase %s", asked), detail+"."+nearestTimebase(table, limit, want))
		return
	}
	if _, exact, ok := limit.Nearest(want); exact || !ok {
		return
	}
	detail := fmt.Sprintf("Its interval is %s.", c.p.shown(at, compact(want)))
	if why := limit.Limit; why != "" {
		detail += fmt.Sprintf(" The limit: %s.", strings.TrimSuffix(why, "."))
	} else {
		detail += fmt.Sprintf(" The limit is that of %s.", c.setup(n, bits, digital))
	}
	detail += nearestTimebase(table, limit, want)
	same := caps // a number has another meaning at another resolution
	same.Rates = slices.DeleteFunc(slices.Clone(caps.Rates), func(l driver.RateLimit) bool { return l.Bits != 0 && l.Bits != bits })
	if more := c.changes(want, same); more != "" {
		detail += " " + more
	}
	c.fail(at, fmt.Sprintf("timebase %s is not possible", asked), detail)
}

// nearestTimebase says which number is possible and closest to an interval.
func nearestTimebase(table driver.Timebases, limit driver.RateLimit, want units.Interval) string {
	if near, _, ok := limit.Nearest(want); ok {
		want = near
	}
	n, interval, ok := table.Nearest(want)
	if !ok {
		return ""
	}
	return fmt.Sprintf(" The nearest is timebase = %d, which is %s.", n, compact(interval))
}
