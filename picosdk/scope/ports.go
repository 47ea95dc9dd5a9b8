package scope

import (
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// usualThreshold is the threshold of digital ports where the plan names none.
const usualThreshold = 1500 * units.Millivolt

// digital checks the digital ports, and turns all others of the model off.
func (p *planner) digital() error {
	p.s.ports = make([]PortSettings, p.dev.model.Ports)
	for i := range p.s.ports {
		p.s.ports[i].Port = i
	}
	for _, c := range p.cfg.Digital {
		if err := p.port(c); err != nil {
			return err
		}
	}
	return nil
}

func (p *planner) port(c driver.DigitalConfig) error {
	field := "digital." + c.Port
	at := slices.IndexFunc(p.caps.Digital, func(d driver.DigitalCapabilities) bool { return d.Name == c.Port })
	index, _ := picosdk.PortIndex(c.Port)
	if _, able := p.dev.unit.(PortSetter); !able || at < 0 || index >= len(p.s.ports) {
		return picosdk.Refuse("configure", field, "", "the %s has no digital port %q", p.caps.Model, c.Port)
	}
	caps := p.caps.Digital[at]
	if len(c.Thresholds) == 0 {
		c.Thresholds = []units.Voltage{min(usualThreshold, caps.ThresholdMax)}
	}
	switch n := len(c.Thresholds); {
	case p.s.ports[index].On:
		return picosdk.Refuse("configure", field, "", "port %s is set up twice", c.Port)
	case n > 1 && !caps.PerPin:
		return picosdk.Refuse("configure", field+".threshold", picosdk.Quoted(c.Thresholds[0]), "the pins of a port share one threshold")
	case n > 1 && n != len(caps.Pins):
		return picosdk.Refuse("configure", field+".threshold", "", "give one threshold or %d, one per pin", len(caps.Pins))
	}
	set := PortSettings{Port: index, On: true}
	for _, t := range c.Thresholds {
		if near := min(max(t, caps.ThresholdMin), caps.ThresholdMax); near != t {
			return picosdk.Refuse("configure", field+".threshold", picosdk.Quoted(near), "a threshold of %s is not possible; the limits are %s and %s", t, caps.ThresholdMin, caps.ThresholdMax)
		}
		level, _ := picosdk.LogicCode(t, caps.ThresholdMax)
		set.Levels = append(set.Levels, level)
	}
	if caps.PerPin && len(set.Levels) == 1 {
		set.Levels = slices.Repeat(set.Levels, len(caps.Pins))
	}
	if len(caps.Hysteresis) > 0 && c.Hysteresis == "" {
		c.Hysteresis = usualHysteresis
	}
	if c.Hysteresis != "" {
		code, ok := p.dev.family.Hysteresis[c.Hysteresis]
		if !ok || !slices.Contains(caps.Hysteresis, c.Hysteresis) {
			near := ""
			if len(caps.Hysteresis) > 0 {
				near = picosdk.Quoted(picosdk.Nearest(c.Hysteresis, caps.Hysteresis))
			}
			return picosdk.Refuse("configure", field+".hysteresis", near, "hysteresis %q is not possible", c.Hysteresis)
		}
		set.Hysteresis = code
	}
	p.s.ports[index] = set
	p.s.applied.Digital = append(p.s.applied.Digital, driver.AppliedDigital{Port: c.Port, Thresholds: slices.Clone(c.Thresholds), Hysteresis: c.Hysteresis})
	p.connect(Source{Index: index, Digital: true}, driver.Stream{Channel: c.Port, Digital: true, Type: driver.SampleUint8})
	return nil
}

// usualHysteresis is that of digital ports where the plan names none.
const usualHysteresis = "normal"

// setPorts turns the ports of a setup off, or on.
func (d *Device) setPorts(s *setup, on bool) error {
	setter, ok := d.unit.(PortSetter)
	if !ok {
		return nil
	}
	for _, port := range s.ports {
		if port.On != on {
			continue
		}
		err := setter.SetPort(port)
		if !on && picosdk.IsStatus(err, picosdk.StatusNoPodConnected) {
			continue // a pod that is not there is off
		}
		if !picosdk.Tolerable(err) {
			return failed(err, "configure", "digital."+picosdk.PortName(port.Port))
		}
	}
	return nil
}
