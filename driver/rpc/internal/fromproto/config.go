package fromproto

import (
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Config reads a configuration.
func Config(c *driverpb.Config) (driver.Config, error) { return decode(c, (*decoder).config) }

func (d *decoder) config(c *driverpb.Config) driver.Config {
	return driver.Config{
		Resolution: int(c.GetResolutionBits()), SampleFormat: c.GetSampleFormat(), Power: driver.PowerSource(c.GetPower()),
		Channels: list(c.GetChannels(), d.channelConfig), Digital: list(c.GetDigital(), digitalConfig),
		Stream: d.streamConfig(c.GetStream()), Block: d.blockConfig(c.GetBlock()), RapidBlock: d.rapidBlockConfig(c.GetRapidBlock()),
		Trigger: d.triggerConfig(c.GetTrigger()), Generator: d.generatorConfig(c.GetGenerator()),
		Options: d.options(c.GetOptions()), MaxSamples: c.GetMaxSamples(),
	}
}

func (d *decoder) channelConfig(c *driverpb.ChannelConfig) driver.ChannelConfig {
	return driver.ChannelConfig{
		Channel: c.GetChannel(), Range: voltage(c.GetRangeNanovolts()), Coupling: driver.Coupling(c.GetCoupling()),
		Offset: voltage(c.GetOffsetNanovolts()), Bandwidth: d.frequency(c.GetBandwidthHertz()), Options: d.options(c.GetOptions()),
	}
}

func digitalConfig(c *driverpb.DigitalConfig) driver.DigitalConfig {
	return driver.DigitalConfig{Port: c.GetPort(), Thresholds: list(c.GetThresholdsNanovolts(), voltage), Hysteresis: c.GetHysteresis()}
}

func downsample(p *driverpb.Downsample) driver.Downsample {
	return driver.Downsample{Mode: driver.DownsampleMode(p.GetMode()), Ratio: p.GetRatio(), KeepRaw: p.GetKeepRaw()}
}

func (d *decoder) streamConfig(s *driverpb.StreamConfig) *driver.StreamConfig {
	if s == nil {
		return nil
	}
	return &driver.StreamConfig{
		Interval: d.interval(s.GetIntervalSeconds()), Unthrottled: s.GetUnthrottled(), Downsample: downsample(s.GetDownsample()),
		Pre: d.span(s.GetPre()), Post: d.span(s.GetPost()), StopAfterTrigger: s.GetStopAfterTrigger(),
	}
}

func repeat(r *driverpb.Repeat) driver.Repeat {
	return driver.Repeat{
		Count: r.GetCount(), For: time.Duration(r.GetForNanoseconds()), Every: time.Duration(r.GetEveryNanoseconds()),
		Forever: r.GetForever(), Ordered: r.GetOrdered(),
	}
}

func (d *decoder) blockConfig(b *driverpb.BlockConfig) *driver.BlockConfig {
	if b == nil {
		return nil
	}
	return &driver.BlockConfig{
		Pre: d.span(b.GetPre()), Post: d.span(b.GetPost()), Interval: d.interval(b.GetIntervalSeconds()), Timebase: b.Timebase,
		MemorySegment: b.GetMemorySegment(), Repeat: repeat(b.GetRepeat()), Downsample: downsample(b.GetDownsample()),
	}
}

func (d *decoder) rapidBlockConfig(r *driverpb.RapidBlockConfig) *driver.RapidBlockConfig {
	if r == nil {
		return nil
	}
	out := &driver.RapidBlockConfig{Captures: r.GetCaptures()}
	if b := d.blockConfig(r.GetBlock()); b != nil {
		out.BlockConfig = *b
	}
	return out
}
