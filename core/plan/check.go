package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// Check checks a device of the plan against what the unit that was opened for it says that it can do. The unit
// wins over the table of its model, which the plan was checked against before.
func (p *Plan) Check(device string, caps driver.Capabilities) hcl.Diagnostics {
	dev := p.Device(device)
	if dev == nil {
		return hcl.Diagnostics{p.At("device", hcl.DiagError, fmt.Sprintf("The plan has no device %q", device), "")}
	}
	return checkOpened(p, dev, caps, driver.Capabilities{})
}

// CheckUnpowered is [Plan.Check] for a unit that runs from USB: supplied is what units of its model can do with their power
// supply, so that a channel which is missing now is put down to the power.
func (p *Plan) CheckUnpowered(device string, caps, supplied driver.Capabilities) hcl.Diagnostics {
	if dev := p.Device(device); dev != nil {
		return checkOpened(p, dev, caps, supplied)
	}
	return p.Check(device, caps)
}

// checkDevice checks a device against the models of its driver.
func (d *decoder) checkDevice(dev *Device, k *described) {
	if k == nil || !k.known || len(k.desc.Models) == 0 {
		return
	}
	models := k.desc.Models
	if dev.Model != "" {
		var ok bool
		if models, ok = d.modelNamed(dev, models); !ok {
			return
		}
		dev.Checked = CheckedModel
	}
	var best hcl.Diagnostics
	closest, fits := "", false
	for i, m := range models {
		found := checkAgainst(d.plan, dev, m)
		if !found.HasErrors() {
			fits = true
			d.plan.noteTimebase(dev, m)
			if m.Model != "" {
				dev.Fits = append(dev.Fits, m.Model)
			}
		}
		if i == 0 || errorCount(found) < errorCount(best) {
			best, closest = found, m.Model
		}
	}
	if dev.Model == "" {
		dev.Checked = CheckedFamily
	}
	if !fits && len(models) > 1 {
		sortDiagnostics(best)
		best[0].Detail += fmt.Sprintf(" (None of the %d models of %s fits; the %s comes closest, and this is what it lacks.)", len(models), dev.Driver, closest)
	}
	for _, diag := range best {
		d.p.add(diag)
	}
}

// modelNamed returns the model that the plan names. Blanks and case do not count: makers use them freely.
func (d *decoder) modelNamed(dev *Device, models []driver.Capabilities) ([]driver.Capabilities, bool) {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }
	var names []string
	for i, m := range models {
		if m.Model == "" || plain(m.Model) == plain(dev.Model) {
			return models[i : i+1], true
		}
		names = append(names, m.Model)
	}
	path := under(dev.text, "model")
	r, _ := d.plan.places.find(path)
	d.plan.places.mark(path)
	d.p.add(errorAt(r, fmt.Sprintf("The driver %q knows no model %s", dev.Driver, d.plan.shown(path, fmt.Sprintf("%q", dev.Model))),
		didYouMean(dev.Model, names, "models")+" Leave model out to accept any."))
	return nil, false
}

func errorCount(diags hcl.Diagnostics) int {
	n := 0
	for _, diag := range diags {
		if diag.Severity == hcl.DiagError {
			n++
		}
	}
	return n
}

// shown returns a text that stands for the value at path, unless the value is secret.
func (p *Plan) shown(path, text string) string {
	if _, secret := p.Sensitive(path); secret {
		return hidden
	}
	return text
}

// checker holds one device against one set of capabilities.
type checker struct {
	p     *Plan
	dev   *Device
	caps  driver.Capabilities
	diags hcl.Diagnostics
	// supplied is what the unit could do with its power supply; zero: the same.
	supplied driver.Capabilities
	// opened tells that caps are of a unit that is open: what its numbers and its memory are is asked of itself when it is configured.
	opened bool
}

// checkAgainst checks a device against the table of a model.
func checkAgainst(p *Plan, dev *Device, model driver.Capabilities) hcl.Diagnostics {
	c := &checker{p: p, dev: dev, caps: model}
	return c.all()
}

// checkOpened checks a device against the unit that was opened for it.
func checkOpened(p *Plan, dev *Device, caps, supplied driver.Capabilities) hcl.Diagnostics {
	c := &checker{p: p, dev: dev, caps: caps, supplied: supplied, opened: true}
	return c.all()
}

func (c *checker) all() hcl.Diagnostics {
	c.unit()
	for i := range c.dev.Channels {
		c.channel(&c.dev.Channels[i])
	}
	for _, port := range c.dev.Digital {
		c.digital(port)
	}
	c.mode()
	c.trigger()
	c.generator()
	return c.diags
}

// path is the place of something in the device.
func (c *checker) path(names ...string) string { return under(c.dev.text, names...) }

// skip tells that something at path was reported already.
func (c *checker) skip(names ...string) bool { return c.p.places.isBad(c.path(names...)) }

func (c *checker) fail(path, summary, detail string) {
	r, _ := c.p.Range(path)
	c.diags = append(c.diags, errorAt(r, summary, detail))
}

// who names the unit in errors.
func (c *checker) who() string {
	if c.caps.Model == "" {
		return c.dev.Driver
	}
	return "the " + c.caps.Model
}

func (c *checker) unit() {
	if r := c.dev.Resolution; r != 0 && !c.skip("resolution") && !slices.Contains(c.caps.Resolutions, r) {
		var legal []string
		for _, b := range slices.Sorted(slices.Values(c.caps.Resolutions)) {
			legal = append(legal, fmt.Sprintf(`"%dbit"`, b))
		}
		detail := "Its resolution cannot be chosen: remove the line."
		if len(legal) > 0 {
			detail = fmt.Sprintf("Write resolution = %s.", list(legal, "or"))
		}
		c.fail(c.path("resolution"), fmt.Sprintf("%s has no resolution of %d bits", upperFirst(c.who()), r), detail)
	}
	if f := c.dev.SampleFormat; f != "" && !slices.Contains(c.caps.Formats, f) {
		c.fail(c.path("sample_format"), fmt.Sprintf("%s cannot deliver samples as %s", upperFirst(c.who()), f), `Remove the line, or write sample_format = "int16".`)
	}
	if w := c.dev.Power; w != driver.PowerAuto && !slices.Contains(c.caps.Power, w) {
		c.fail(c.path("power"), fmt.Sprintf("%s cannot be told to use %q power", upperFirst(c.who()), w),
			fmt.Sprintf("Write power = %s.", list(quoted(append([]driver.PowerSource{driver.PowerAuto}, without(c.caps.Power, driver.PowerAuto)...)), "or")))
	}
}

func without[T comparable](list []T, v T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return x == v })
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	for _, article := range []string{"the ", "a ", "an ", "it "} {
		if strings.HasPrefix(s, article) {
			return strings.ToUpper(s[:1]) + s[1:]
		}
	}
	return s
}

// bits is the resolution that the device will have.
func (c *checker) bits() int {
	if c.dev.Resolution != 0 || len(c.caps.Resolutions) == 0 {
		return c.dev.Resolution
	}
	return c.caps.Resolutions[0]
}

// enabled counts the analog channels that are on.
func (c *checker) enabled() int {
	n := 0
	for _, ch := range c.dev.Channels {
		if ch.Enabled {
			n++
		}
	}
	return n
}

// digital checks one digital port.
func (c *checker) digital(port Digital) {
	if c.skip("digital", port.Port) {
		return
	}
	i := slices.IndexFunc(c.caps.Digital, func(d driver.DigitalCapabilities) bool { return d.Name == port.Port })
	path := c.path("digital", port.Port)
	if i < 0 {
		var names []string
		for _, d := range c.caps.Digital {
			names = append(names, d.Name)
		}
		c.fail(path, fmt.Sprintf("%s has no digital port %q", upperFirst(c.who()), port.Port), didYouMean(port.Port, names, "digital ports"))
		return
	}
	caps := c.caps.Digital[i]
	at := under(path, "threshold")
	if n := len(port.Thresholds); n > 1 && !caps.PerPin {
		c.fail(at, "The pins share one threshold", fmt.Sprintf("%s cannot set one per pin. Write threshold = \"%s\".", upperFirst(c.who()), compact(port.Thresholds[0])))
	} else if n > 1 && n != len(caps.Pins) {
		c.fail(at, "threshold has the wrong number of elements", fmt.Sprintf("It has %d; write one voltage, or one for each of the %d pins.", n, len(caps.Pins)))
	}
	for _, t := range port.Thresholds {
		if t < caps.ThresholdMin || t > caps.ThresholdMax {
			near := min(max(t, caps.ThresholdMin), caps.ThresholdMax)
			c.fail(at, fmt.Sprintf("threshold %s is not possible", c.p.shown(at, quote(t))),
				fmt.Sprintf("It must be from %s to %s; the nearest is %s.", compact(caps.ThresholdMin), compact(caps.ThresholdMax), quote(near)))
			break
		}
	}
	if h := port.Hysteresis; h != "" && !slices.Contains(caps.Hysteresis, h) {
		at := under(path, "hysteresis")
		detail := "It cannot be chosen: remove the line."
		if len(caps.Hysteresis) > 0 {
			detail = fmt.Sprintf("Write hysteresis = %s.", list(quoted(caps.Hysteresis), "or"))
		}
		c.fail(at, fmt.Sprintf("hysteresis cannot be %s", c.p.shown(at, fmt.Sprintf("%q", h))), detail)
	}
}

// quote prints a voltage as plans write it.
func quote(v units.Voltage) string { return fmt.Sprintf("%q", compact(v)) }
