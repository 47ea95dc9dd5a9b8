package plan

import (
	"errors"
	"fmt"
	"slices"
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
		detail += fmt.Sprintf(" The nearest is %s = %q.", at[strings.LastIndexByte(at, '.')+1:], p.nearestAtTip(device, at, de.Nearest))
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

// nearestAtTip converts a driver's nearest voltage, which is at the input, to the tip of the probe.
func (p *Plan) nearestAtTip(device, path, nearest string) string {
	dev := p.Device(device)
	rest, ok := strings.CutPrefix(path, under("device", device, "channel")+".")
	if dev == nil || !ok {
		return nearest
	}
	name, attr, _ := strings.Cut(rest, ".")
	ch, ok := dev.Channel(name)
	v, err := units.ParseVoltage(nearest)
	if !ok || err != nil || attr != "range" && attr != "offset" {
		return nearest
	}
	return compact(ch.Tip(v))
}
