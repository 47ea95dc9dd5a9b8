package scope

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// downsample decides which part of the reduction the unit does and which the loop.
func (p *planner) downsample() error {
	down := p.down()
	mc, _ := p.caps.Mode(p.cfg.Mode())
	f := p.dev.family
	raw, _ := f.Ratios.Of(driver.DownsampleNone)
	rawPart := Part{Down: driver.DownsampleNone, Mode: raw, Ratio: 1}
	if down.Mode == "" || down.Mode == driver.DownsampleNone {
		p.s.run.Parts = []Part{rawPart}
		return nil
	}
	mode, ok := f.Ratios.Of(down.Mode)
	least := int64(1)
	if p.blocks() != nil { // groups of one sample are the samples, which the loop of a stream copies
		least = 2
	}
	switch {
	case !ok || !slices.Contains(mc.Downsample, down.Mode):
		return picosdk.Refuse("configure", p.field("downsample.mode"), "", "downsampling %q is not known", down.Mode)
	case down.Ratio < least:
		return picosdk.Refuse("configure", p.field("downsample.ratio"), fmt.Sprint(least), "a ratio of %d is not possible", down.Ratio)
	case mc.MaxRatio > 0 && down.Ratio > mc.MaxRatio:
		return picosdk.Refuse("configure", p.field("downsample.ratio"), fmt.Sprint(mc.MaxRatio), "a ratio of %d is not possible; the largest is %d", down.Ratio, mc.MaxRatio)
	case down.Mode == driver.DownsampleAverage && len(p.cfg.Digital) > 0:
		return picosdk.Refuse("configure", p.field("downsample.mode"), `"aggregate"`, "digital ports have no average")
	}
	part := Part{Down: down.Mode, Mode: mode, Ratio: down.Ratio}
	beside := f.RawBeside || p.blocks() != nil // what is in the unit's memory can be fetched in more than one way
	switch {
	case down.Ratio == 1 || down.KeepRaw && !beside: // groups of one sample are no business of the unit
		p.s.run.Parts = []Part{rawPart}
	case down.KeepRaw:
		p.s.run.Parts = []Part{rawPart, part}
	default:
		p.s.run.Parts = []Part{part}
	}
	return nil
}

// streamKinds are the streams that a mode makes of a source.
var streamKinds = map[driver.DownsampleMode][]driver.StreamKind{
	driver.DownsampleAggregate: {driver.StreamMin, driver.StreamMax},
	driver.DownsampleDecimate:  {driver.StreamDecimate},
	driver.DownsampleAverage:   {driver.StreamAverage},
}

// connect gives a source its streams.
func (p *planner) connect(source Source, base driver.Stream) {
	down := p.down()
	host := true // no part of the run is the reduction itself
	for _, part := range p.s.run.Parts {
		host = host && part.Down == driver.DownsampleNone
	}
	at := len(p.s.run.Sources)
	p.s.run.Sources = append(p.s.run.Sources, source)
	add := func(kind driver.StreamKind, ratio int64, host bool) {
		s := base
		s.Kind, s.Ratio = kind, ratio
		switch {
		case ratio > 1 && host:
			s.Computed = "host"
		case ratio > 1:
			s.Computed = "device"
		}
		p.s.applied.Streams = append(p.s.applied.Streams, s)
		p.s.streams = append(p.s.streams, LoopStream{Source: at, Kind: kind, Ratio: ratio, Digital: source.Digital, Host: host && kind != driver.StreamRaw})
	}
	reduced := streamKinds[down.Mode]
	if len(reduced) == 0 || down.KeepRaw {
		add(driver.StreamRaw, 1, false)
	}
	for _, kind := range reduced {
		add(kind, down.Ratio, host)
	}
}

// channels checks the channels, and turns all others of the model off.
func (p *planner) channels() error {
	m := p.dev.model
	p.s.channels = make([]ChannelSettings, m.Channels)
	for i := range p.s.channels {
		p.s.channels[i] = ChannelSettings{Channel: i, Coupling: m.Couplings[0], Range: m.Ranges[len(m.Ranges)-1]}
	}
	for _, ch := range p.cfg.Channels {
		if err := p.channel(ch); err != nil {
			return err
		}
	}
	return nil
}

func (p *planner) channel(ch driver.ChannelConfig) error {
	field := "channel." + ch.Channel
	cc, ok := p.caps.Channel(ch.Channel)
	index, _ := picosdk.ChannelIndex(ch.Channel)
	if !ok || index >= len(p.s.channels) {
		return p.noChannel(ch.Channel)
	}
	if ch.Coupling == "" {
		ch.Coupling = cc.Couplings[0]
	}
	coupling, known := picosdk.CouplingOf(ch.Coupling)
	switch {
	case p.s.channels[index].On:
		return picosdk.Refuse("configure", field, "", "channel %s is set up twice", ch.Channel)
	case !known || !slices.Contains(cc.Couplings, ch.Coupling):
		return picosdk.Refuse("configure", field+".coupling", picosdk.Quoted(cc.Couplings[0]), "coupling %q is not possible on the %s", ch.Coupling, p.caps.Model)
	case len(ch.Options.Values) > 0 || len(ch.Options.Blocks) > 0:
		return picosdk.Refuse("configure", field+"."+p.dev.family.Name, "", "%s has no options of its own", p.dev.family.Name)
	}
	code, err := p.rangeOf(ch, cc, field)
	if err != nil {
		return err
	}
	limit, err := p.bandwidth(ch, cc, field)
	if err != nil {
		return err
	}
	if err := checkOffset(ch, cc, field); err != nil {
		return err
	}
	p.s.channels[index] = ChannelSettings{Channel: index, On: true, Coupling: coupling, Range: code, Offset: ch.Offset, Bandwidth: limit}
	p.s.applied.Channels = append(p.s.applied.Channels, driver.AppliedChannel{
		Channel: ch.Channel, Range: ch.Range, Coupling: ch.Coupling, Offset: ch.Offset, Bandwidth: ch.Bandwidth,
	})
	p.connect(Source{Index: index}, driver.Stream{Channel: ch.Channel, Type: driver.SampleInt16})
	return nil
}

func (p *planner) noChannel(name string) error {
	var names []string
	for _, c := range p.caps.Channels {
		names = append(names, c.Name)
	}
	i, known := picosdk.ChannelIndex(name)
	if known && i < p.dev.model.Channels {
		e := picosdk.Refuse("configure", "channel."+name, "", "on USB power the %s has the channels %s only", p.caps.Model, strings.Join(names, ", "))
		e.Advice = "Plug in the power supply."
		return e
	}
	return picosdk.Refuse("configure", "channel."+name, picosdk.Quoted(names[len(names)-1]), "the %s has no channel %q; it has %s", p.caps.Model, name, strings.Join(names, ", "))
}

func (p *planner) rangeOf(ch driver.ChannelConfig, cc driver.ChannelCapabilities, field string) (picosdk.Range, error) {
	list := make([]picosdk.Range, 0, len(cc.Ranges))
	for _, v := range cc.Ranges {
		if r, ok := picosdk.RangeOf(v); ok {
			list = append(list, r)
		}
	}
	r, exact := picosdk.NearestRange(list, ch.Range)
	if !exact {
		return 0, picosdk.Refuse("configure", field+".range", picosdk.Quoted(r.Voltage()), "the %s has no range of %s; the nearest is %s", p.caps.Model, ch.Range, r.Voltage())
	}
	if most := p.dev.model.MaxRange50; ch.Coupling == driver.CouplingDC50 && most > 0 && r > most {
		return 0, picosdk.Refuse("configure", field+".range", picosdk.Quoted(most.Voltage()), "with the 50 ohm input the largest range is %s", most.Voltage())
	}
	return r, nil
}

func (p *planner) bandwidth(ch driver.ChannelConfig, cc driver.ChannelCapabilities, field string) (uint32, error) {
	if ch.Bandwidth.IsZero() {
		return 0, nil
	}
	same := func(f units.Frequency) bool { return f.Cmp(ch.Bandwidth.Rational) == 0 }
	i := slices.IndexFunc(p.dev.family.Bandwidths, func(b BandwidthCode) bool { return same(b.Frequency) })
	if i >= 0 && slices.ContainsFunc(cc.Bandwidths, same) {
		return p.dev.family.Bandwidths[i].Code, nil
	}
	legal := []string{"full"}
	for _, f := range cc.Bandwidths {
		legal = append(legal, f.String())
	}
	return 0, picosdk.Refuse("configure", field+".bandwidth", picosdk.Quoted(legal[len(legal)-1]), "a bandwidth of %s is not possible; the %s has %s", ch.Bandwidth, p.caps.Model, strings.Join(legal, ", "))
}

func checkOffset(ch driver.ChannelConfig, cc driver.ChannelCapabilities, field string) error {
	if ch.Offset == 0 {
		return nil
	}
	for _, l := range cc.Offsets {
		if ch.Range > l.Range {
			continue
		}
		if near := min(max(ch.Offset, l.Min), l.Max); near != ch.Offset {
			return picosdk.Refuse("configure", field+".offset", picosdk.Quoted(near), "an offset of %s is not possible in the range %s; the limits are %s and %s", ch.Offset, ch.Range, l.Min, l.Max)
		}
		return nil
	}
	return picosdk.Refuse("configure", field+".offset", picosdk.Quoted(units.Voltage(0)), "in the range %s the channel has no analog offset", ch.Range)
}

// scale tells what the codes mean, once the unit is set to its resolution.
func (p *planner) scale() {
	p.dev.learnCodes(p.s.bits)
	p.dev.refresh()
	for _, r := range p.dev.caps.MaxCodes {
		if r.Bits == p.s.bits {
			p.s.codeMin, p.s.codeMax = r.Min, r.Max
		}
	}
	for i := range p.s.applied.Channels {
		c := &p.s.applied.Channels[i]
		c.CodeMin, c.CodeMax = p.s.codeMin, p.s.codeMax
		c.VoltsPerCount = picosdk.Scale{Range: c.Range, MaxCode: p.s.codeMax}.VoltsPerCount()
	}
}

// missing lists the channels of a setup that a unit does not have any more.
func (s *setup) missing(caps driver.Capabilities) []string {
	var list []string
	for _, c := range s.applied.Channels {
		if _, ok := caps.Channel(c.Channel); !ok {
			list = append(list, c.Channel)
		}
	}
	return list
}

// apply tells the unit all of a setup but the run: first what is off, so that a resolution for few channels can be
// set, then the resolution, then what is on. It is for the worker.
func (d *Device) apply(s *setup) error {
	for _, on := range []bool{false, true} {
		if on {
			if err := d.setResolution(s.bits); err != nil {
				return err
			}
			if err := d.unit.Prepare(); !picosdk.Tolerable(err) {
				return err
			}
		}
		for _, c := range s.channels {
			if c.On != on {
				continue
			}
			err := d.unit.SetChannel(c)
			if !on && picosdk.IsStatus(err, picosdk.StatusChannelOffOnUSBPower) || picosdk.Tolerable(err) {
				continue
			}
			return channelRefused(err, picosdk.ChannelName(c.Channel))
		}
		if err := d.setPorts(s, on); err != nil {
			return err
		}
	}
	return nil
}

// setResolution sets a unit's resolution where it has a choice, and reads it back.
func (d *Device) setResolution(bits int) error {
	r, ok := d.unit.(ResolutionSetter)
	if !ok || len(d.model.Resolutions) < 2 {
		return nil
	}
	if err := r.SetResolution(bits); !picosdk.Tolerable(err) {
		return failed(err, "configure", "resolution")
	}
	t, ok := d.unit.(ResolutionTeller)
	if !ok {
		return nil
	}
	got, err := t.Resolution()
	if err != nil {
		return failed(err, "configure", "resolution")
	}
	if got != bits {
		return picosdk.Refuse("configure", "resolution", fmt.Sprintf(`"%dbit"`, got), "the unit was set to %d bits and works with %d", bits, got)
	}
	return nil
}

// channelRefused names the part of a channel that the library refuses.
func channelRefused(err error, channel string) error {
	var e *picosdk.StatusError
	if !errors.As(err, &e) {
		return err
	}
	field := "channel." + channel
	switch e.Status {
	case picosdk.StatusInvalidVoltageRange:
		field += ".range"
	case picosdk.StatusInvalidCoupling:
		field += ".coupling"
	case picosdk.StatusInvalidAnalogueOffset:
		field += ".offset"
	default:
		if own := e.Status.Field(); own != "" {
			field = own
		}
	}
	return e.Driver("configure", field)
}
