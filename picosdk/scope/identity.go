package scope

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// identity asks the unit who it is. It is for the worker, like all of this file.
func (d *Device) identity() error {
	text := func(key picosdk.Info) string {
		s, err := d.unit.UnitInfo(key)
		if err != nil {
			d.log.Debug("the unit does not tell", "key", key.String(), "error", err)
			return ""
		}
		return strings.TrimSpace(strings.TrimRight(s, "\x00"))
	}
	variant, err := d.unit.UnitInfo(picosdk.InfoVariant)
	if err != nil {
		return err
	}
	variant = strings.TrimSpace(strings.TrimRight(variant, "\x00"))
	info := &d.info
	info.Variant, info.Serial = variant, text(picosdk.InfoSerial)
	info.Hardware, info.Calibrated = text(picosdk.InfoHardwareVersion), text(picosdk.InfoCalibrationDate)
	info.Firmware = versionText(text(picosdk.InfoFirmware1), text(picosdk.InfoFirmware2), text(picosdk.InfoFirmware3))
	if info.USB = text(picosdk.InfoUSBVersion); picosdk.ParseUSB(info.USB) == picosdk.USBUnknown && !info.Emulated {
		info.USB = d.connection(info.Serial)
	}
	d.usb = info.USB
	for _, key := range []picosdk.Info{
		picosdk.InfoKernelVersion, picosdk.InfoDigitalHardware, picosdk.InfoAnalogHardware, picosdk.InfoShadowCalibration,
		picosdk.InfoIPPVersion, picosdk.InfoFrontPanelFirmware,
	} {
		if s := text(key); s != "" {
			d.log.Debug("the unit tells", "key", key.String(), "text", s)
		}
	}
	var ok bool
	if d.model, ok = d.family.modelOf(variant); !ok {
		d.model = d.family.similar(variant)
		d.log.Warn("this version does not know the model and treats it like another", "variant", variant, "like", d.model.Name)
		d.model.Name = variant
	}
	info.Model = d.model.Name
	return nil
}

// connection is the speed that the system knows of a unit that does not tell it, in the words of the unit: of the maker's device
// with the serial on USB, or of the only one. Empty: not known.
func (d *Device) connection(serial string) string {
	list, err := d.driver.o.USB()
	if err != nil {
		d.log.Debug("USB cannot be looked at", "error", err)
		return ""
	}
	at := slices.IndexFunc(list, func(u picosdk.USBDevice) bool { return u.Serial != "" && u.Serial == serial })
	if at < 0 && len(list) == 1 {
		at = 0
	}
	if at < 0 || list[at].Speed == picosdk.USBUnknown {
		return ""
	}
	return fmt.Sprintf("%d.0", list[at].Speed)
}

// similar is the table's entry closest to a variant that it does not have: one of as many channels, with ports or
// without, whose name begins alike.
func (f *Family) similar(variant string) picosdk.Model {
	channels, ports, known := picosdk.VariantShape(variant)
	best, length := f.Models[0], -1
	for _, m := range f.Models {
		n := picosdk.CommonBeginning(m.Name, variant)
		if known && m.Channels == channels && (m.Ports > 0) == ports {
			n += len(variant) // more than any beginning
		}
		if n > length {
			best, length = m, n
		}
	}
	return best
}

// learned is what the unit itself told; it wins over the table.
type learned struct {
	ranges  map[int][]units.Voltage // by channel
	offsets []driver.OffsetLimit
	codes   map[int]driver.CodeRange // by resolution
	wave    *generatorLimits
	memory  int64 // samples at the resolution with the most, shared by what is on; 0: not known
}

// learn asks the unit what it can do.
func (d *Device) learn() {
	d.limits = learned{ranges: map[int][]units.Voltage{}, codes: map[int]driver.CodeRange{}}
	best := d.model.Capabilities(picosdk.State{})
	if t, ok := d.unit.(RangeTeller); ok {
		for i := range best.Channels {
			if list, err := t.ChannelRanges(i); err == nil && len(list) > 0 {
				d.limits.ranges[i] = voltages(list)
			}
		}
	}
	if t, ok := d.unit.(OffsetTeller); ok && len(best.Channels) > 0 {
		ranges := best.Channels[0].Ranges
		if list := d.limits.ranges[0]; len(list) > 0 {
			ranges = list
		}
		d.limits.offsets = offsetLimits(t, ranges)
	}
	d.limits.wave = d.learnGenerator()
	if u, ok := d.unit.(BlockUnit); ok {
		if n, err := u.Segments(1); picosdk.Tolerable(err) {
			d.limits.memory = max(n, 0)
		}
	}
	d.learnCodes(openBits)
}

// learnCodes asks for the codes of the resolution that the unit is set to.
func (d *Device) learnCodes(bits int) {
	low, high, err := d.unit.CodeLimits(bits)
	if err != nil || low >= 0 || high <= 0 {
		d.log.Debug("the unit does not tell its codes", "bits", bits, "error", err)
		return
	}
	d.limits.codes[bits] = driver.CodeRange{Bits: bits, Min: low, Max: high}
}

func voltages(list []picosdk.Range) []units.Voltage {
	var out []units.Voltage
	for _, r := range list {
		if v := r.Voltage(); v > 0 {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// offsetLimits asks for the limits of each range; neighbours of equal limits become one entry.
func offsetLimits(t OffsetTeller, ranges []units.Voltage) []driver.OffsetLimit {
	var list []driver.OffsetLimit
	for _, v := range ranges {
		r, ok := picosdk.RangeOf(v)
		if !ok {
			return nil
		}
		low, high, err := t.OffsetLimits(r, picosdk.CouplingDC)
		if err != nil || low > 0 || high < 0 {
			return nil
		}
		if n := len(list); n > 0 && list[n-1].Min == low && list[n-1].Max == high {
			list[n-1].Range = v
			continue
		}
		list = append(list, driver.OffsetLimit{Range: v, Min: low, Max: high})
	}
	return list
}

// refresh works out what the unit can do now: the table's word for its power and connection, corrected by its own.
func (d *Device) refresh() {
	c := d.family.capabilities(d.model, d.state)
	c.Model = d.info.Model
	for i := range c.Channels {
		if n, ok := picosdk.ChannelIndex(c.Channels[i].Name); ok && len(d.limits.ranges[n]) > 0 {
			c.Channels[i].Ranges = d.limits.ranges[n]
		}
		if len(d.limits.offsets) > 0 {
			c.Channels[i].Offsets = d.limits.offsets
		}
	}
	for i, r := range c.MaxCodes {
		if own, ok := d.limits.codes[r.Bits]; ok {
			c.MaxCodes[i] = own
		}
	}
	if _, ok := d.unit.(Generator); !ok {
		c.Generator = nil
	}
	d.limits.wave.correct(c.Generator)
	d.modes(&c)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.caps, d.info.Power = c, d.present
}

// modes corrects what the unit can do in which mode.
func (d *Device) modes(c *driver.Capabilities) {
	_, blocks := d.unit.(BlockUnit)
	_, triggers := d.unit.(Triggerer)
	if !triggers {
		c.Trigger = driver.TriggerCapabilities{}
	}
	for i := range c.Modes {
		m := &c.Modes[i]
		m.Triggered, m.StopAfter = m.Triggered && triggers, m.StopAfter && triggers
		switch {
		case m.Mode == driver.ModeStream:
		case !blocks:
			m.Ready, m.NotReady = false, "this driver captures no blocks"
		case d.limits.memory > 0:
			m.MaxSamples = d.limits.memory
		}
	}
}
