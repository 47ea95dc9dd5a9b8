package modeltest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// Differences compares a family's table with the facts in a file, and returns every difference in words. The err says
// that the file cannot be read.
func Differences(models []picosdk.Model, driverName, path string) (diffs []string, err error) {
	all, err := readFacts(path, driverName)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no facts about %s", path, driverName)
	}
	c := &comparison{}
	var names []string
	for _, f := range all {
		names = append(names, f.Variant)
		i := slices.IndexFunc(models, func(m picosdk.Model) bool { return m.Name == f.Variant })
		if i < 0 {
			c.diffs = append(c.diffs, f.Variant+": not in the table")
			continue
		}
		c.model(models[i], f)
	}
	for i, m := range models {
		if !slices.Contains(names, m.Name) {
			c.diffs = append(c.diffs, m.Name+": not among the facts")
		}
		if slices.ContainsFunc(models[:i], func(o picosdk.Model) bool { return o.Name == m.Name }) {
			c.diffs = append(c.diffs, m.Name+": twice in the table")
		}
	}
	return c.diffs, nil
}

type comparison struct {
	name  string
	diffs []string
}

// same notes a difference.
func (c *comparison) same(what string, table, fact any) {
	if t, f := fmt.Sprint(table), fmt.Sprint(fact); t != f {
		c.diffs = append(c.diffs, fmt.Sprintf("%s: %s is %s, want %s", c.name, what, t, f))
	}
}

func (c *comparison) model(m picosdk.Model, f facts) {
	c.name = f.Variant
	c.same("channels", m.Channels, f.Channels)
	c.same("ports", m.Ports, f.Ports)
	c.same("bandwidth", m.Bandwidth, units.Hertz(f.Bandwidth*1e6, 1))
	var bits []int
	for _, r := range m.Resolutions {
		bits = append(bits, r.Bits)
		c.resolution(m, r, f)
	}
	c.same("resolutions", bits, f.Resolutions)
	var ranges []int64
	for _, r := range m.Ranges {
		ranges = append(ranges, int64(r.Voltage()/units.Millivolt))
	}
	c.same("ranges in mV", ranges, f.Ranges)
	c.couplings(m, f)
	limiters := []string{}
	if f.Limiters != nil {
		limiters = append(limiters, "FULL")
	}
	for _, l := range m.Limiters {
		limiters = append(limiters, strings.ToUpper(strings.ReplaceAll(l.String(), " ", "")))
	}
	c.same("bandwidth limits", limiters, append([]string{}, f.Limiters...))
	c.generator(m.Generator, f)
	external, _ := f.External.(bool)
	aux, _ := f.External.(string)
	c.same("external trigger", m.Trigger.External, external)
	c.same("aux trigger", m.Trigger.Aux, strings.HasPrefix(aux, "AUX"))
	if f.ExternalRange != 0 && external {
		c.same("full scale of the external trigger in mV", int64(m.Trigger.ExternalFull/units.Millivolt), f.ExternalRange)
	}
	c.same("connection", m.USB, picosdk.ParseUSB(f.USB))
	c.power(m.Power, f)
}

func (c *comparison) resolution(m picosdk.Model, r picosdk.Resolution, f facts) {
	at := func(what string) string { return fmt.Sprintf("%s at %d bit", what, r.Bits) }
	code, ok := under(f.MaxCode, r.Bits)
	c.same(at("code of full scale"), r.MaxCode, code)
	memory, ok2 := under(f.Memory, r.Bits)
	c.same(at("memory"), r.Memory, memory)
	most, has := under(f.MaxChannels, r.Bits)
	if !has {
		most = f.Channels
	}
	c.same(at("channels"), r.MaxChannels, most)
	bandwidth := f.Bandwidth
	if r.Bits == 16 && f.Bandwidth16 != 0 {
		bandwidth = f.Bandwidth16
	}
	c.same(at("bandwidth"), r.Bandwidth, units.Hertz(bandwidth*1e6, 1))
	rates, ok3 := under(f.Rates, r.Bits)
	if !ok || !ok2 || !ok3 {
		c.diffs = append(c.diffs, fmt.Sprintf("%s: no facts for %d bit", c.name, r.Bits))
		return
	}
	c.rates(m, r, rates)
	c.timebase(r, f)
	total, err := f.streaming(r.Bits)
	if err != nil || len(r.Streaming) == 0 {
		c.diffs = append(c.diffs, fmt.Sprintf("%s: streaming at %d bit: %v", c.name, r.Bits, err))
		return
	}
	c.same(at("connection of the fastest streaming"), r.Streaming[0].USB, m.USB)
	c.same(at("streaming total"), r.Streaming[0].Total, total)
}

// rates compares what every number of channels may do; beyond the facts the table may go on for ports.
func (c *comparison) rates(m picosdk.Model, r picosdk.Resolution, rates map[string]int64) {
	known := 0
	for key, want := range rates {
		low, high, err := span(key)
		if err != nil {
			c.diffs = append(c.diffs, c.name+": "+err.Error())
			continue
		}
		known = max(known, high)
		for n := low; n <= high; n++ {
			i := slices.IndexFunc(r.Fastest, func(f picosdk.FastRate) bool { return n <= f.UpTo })
			if i < 0 {
				c.diffs = append(c.diffs, fmt.Sprintf("%s: no rate for %d on at %d bit", c.name, n, r.Bits))
				continue
			}
			c.same(fmt.Sprintf("rate with %d on at %d bit", n, r.Bits), r.Fastest[i].Rate, want)
		}
	}
	for i, f := range r.Fastest {
		if f.UpTo > known && f.UpTo <= m.Channels || i > 0 && (f.UpTo <= r.Fastest[i-1].UpTo || f.Rate > r.Fastest[i-1].Rate) {
			c.diffs = append(c.diffs, fmt.Sprintf("%s: the rate up to %d at %d bit has no fact, or is out of order", c.name, f.UpTo, r.Bits))
		}
	}
}

func (c *comparison) timebase(r picosdk.Resolution, f facts) {
	want, err := f.timebase(r.Bits)
	if err != nil {
		c.diffs = append(c.diffs, fmt.Sprintf("%s: timebase at %d bit: %v", c.name, r.Bits, err))
		return
	}
	first := uint32(1<<32 - 1)
	for n, ps := range want.listed {
		first = min(first, n)
		i, ok := r.Timebase.Interval(n)
		c.same(fmt.Sprintf("timebase %d at %d bit", n, r.Bits), fmt.Sprint(i, ok), fmt.Sprint(units.Seconds(ps, 1e12), true))
	}
	c.same(fmt.Sprintf("first timebase at %d bit", r.Bits), r.Timebase.First, first)
	for _, n := range []uint32{want.from, want.from + 1, want.from + 123, 1 << 20, r.Timebase.Last} {
		i, ok := r.Timebase.Interval(n)
		c.same(fmt.Sprintf("timebase %d at %d bit", n, r.Bits), fmt.Sprint(i, ok),
			fmt.Sprint(units.Seconds(int64(n)-int64(want.minus), want.clock), true))
	}
}

func (c *comparison) couplings(m picosdk.Model, f facts) {
	words := map[driver.Coupling]string{driver.CouplingAC: "AC", driver.CouplingDC: "DC", driver.CouplingDC50: "DC_50OHM"}
	var have []string
	for _, k := range m.Couplings {
		have = append(have, words[k.Driver()])
	}
	slices.Sort(have)
	c.same("couplings", have, slices.Sorted(slices.Values(f.Coupling)))
}

func (c *comparison) generator(g *picosdk.Generator, f facts) {
	if c.same("generator", g != nil, f.Generator.Builtin); g == nil {
		return
	}
	c.same("arbitrary waves", g.Arbitrary, f.Generator.Arbitrary)
	c.same("generator memory", g.Buffer, f.Generator.Buffer)
	c.same("generator frequency", g.MaxFrequency, units.Hertz(f.Generator.MaxHertz, 1))
	c.same("generator clock", g.Clock, f.Generator.Clock)
	if uv := f.Generator.Amplitude; uv != nil {
		c.same("generator amplitude in uV", int64(g.MaxAmplitude/units.Microvolt), *uv)
	}
}

func (c *comparison) power(p picosdk.Power, f facts) {
	supply := slices.Contains(p.Sources, driver.PowerSupply)
	usb := slices.Contains(p.Sources, driver.PowerUSB)
	optional, reduced := strings.HasPrefix(f.Power, "5 V supply"), 0
	if optional && strings.Contains(f.Power, "USB mode with A+B only") {
		reduced = 2
	}
	c.same("can run from USB", usb, strings.HasPrefix(f.Power, "bus") || optional)
	c.same("can run from a supply", supply, optional || strings.HasPrefix(f.Power, "mains"))
	c.same("channels on USB power", p.USBChannels, reduced)
	c.same("tells of a slower port", p.PortNotice, strings.Contains(f.Power, "0x11E"))
}
