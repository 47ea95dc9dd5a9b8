package plan

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// Diagnose puts the place in the plan on an error that a driver gave for a device: the line of [driver.Error.Field],
// else the device block. Joined errors become one diagnostic each. nil gives none.
func (p *Plan) Diagnose(device string, err error) hcl.Diagnostics {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var all hcl.Diagnostics
		for _, e := range joined.Unwrap() {
			all = append(all, p.Diagnose(device, e)...)
		}
		if len(all) > 0 {
			return all
		}
	}
	path := under("device", device)
	var de *driver.Error
	if !errors.As(err, &de) {
		return hcl.Diagnostics{p.At(path, hcl.DiagError, fmt.Sprintf("The device %q failed", device), p.Redact(sentence(err.Error())))}
	}
	at := p.fieldPath(device, de.Field)
	summary := map[driver.Kind]string{
		driver.KindUnsupported: "The device %q cannot do this", driver.KindNotFound: "The device %q was not found",
		driver.KindBusy: "The device %q is in use", driver.KindNoLibrary: "The device %q has no vendor library",
		driver.KindDeviceGone: "The device %q is gone", driver.KindNotPlugin: "The driver of the device %q cannot be started",
		driver.KindPluginVersion: "The driver of the device %q does not fit this program",
		driver.KindPluginGone:    "The driver of the device %q has ended", driver.KindPluginHung: "The driver of the device %q does not answer",
	}[de.Kind]
	if summary == "" {
		summary = "The device %q failed"
	}
	if at == path && de.Kind == driver.KindNotFound {
		at = under(path, "serial")
	}
	detail := sentence(de.Error())
	if de.Nearest != "" {
		detail += fmt.Sprintf(" The nearest is %s.", p.nearest(device, at, de.Nearest))
	}
	if de.Advice != "" {
		detail += " " + sentence(de.Advice)
	}
	diag := p.At(at, hcl.DiagError, fmt.Sprintf(summary, device), p.Redact(detail))
	diag.Extra = de
	return hcl.Diagnostics{diag}
}

// fieldPath turns the field of a driver's error into a path of the plan. A rate may be written as an interval.
func (p *Plan) fieldPath(device, field string) string {
	path := under("device", device)
	if field == "" {
		return path
	}
	path = p.places.canonical(under(path, field))
	if _, ok := p.places.ranges[path]; ok {
		return path
	}
	same := []string{"sample_interval", "sample_rate", "timebase", "interval"}
	cut := strings.LastIndexByte(path, '.')
	if slices.Contains(same, path[cut+1:]) {
		for _, name := range same {
			if other := under(path[:cut], name); p.written(other) {
				return other
			}
		}
	}
	return path
}

func (p *Plan) written(path string) bool {
	_, ok := p.places.ranges[path]
	return ok
}

// plainNearest is a value that needs no quotes.
var plainNearest = regexp.MustCompile(`^(-?[0-9.]+|true|false)$`)

// nearest writes the attribute at path with a driver's nearest value. A driver may answer with an interval where the
// plan has a rate, and the other way round.
func (p *Plan) nearest(device, path, value string) string {
	attr := path[strings.LastIndexByte(path, '.')+1:]
	text := strings.Trim(value, `"`)
	if i, err := units.ParseInterval(text); err == nil && attr == "sample_rate" && i.Sign() > 0 {
		return rateText(i, true)
	}
	if r, err := units.ParseRate(text); err == nil && attr == "sample_interval" {
		return rateText(r.Interval(), false)
	}
	return attr + " = " + p.nearestValue(device, path, value)
}

// nearestValue writes a driver's nearest value as it would stand in the plan. Drivers know no probes: their voltages
// are at the input.
func (p *Plan) nearestValue(device, path, nearest string) string {
	text := strings.Trim(nearest, `"`)
	if plainNearest.MatchString(text) && !strings.HasPrefix(nearest, `"`) {
		return text
	}
	if v, err := units.ParseVoltage(text); err == nil {
		text = compact(p.atTip(device, path, v))
	}
	return strconv.Quote(text)
}

// atTip converts a voltage at a channel's input to the tip of its probe, for the attributes that are told so.
func (p *Plan) atTip(device, path string, v units.Voltage) units.Voltage {
	dev := p.Device(device)
	rest, ok := strings.CutPrefix(path, under("device", device, "channel")+".")
	if dev == nil || !ok {
		return v
	}
	name, attr, _ := strings.Cut(rest, ".")
	ch, ok := dev.Channel(name)
	if !ok || attr != "range" && attr != "offset" {
		return v
	}
	return ch.Tip(v)
}
