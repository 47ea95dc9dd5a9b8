package toproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Config carries a configuration.
func Config(c driver.Config) *driverpb.Config {
	return &driverpb.Config{
		ResolutionBits: narrow(c.Resolution), SampleFormat: text(c.SampleFormat), Power: text(c.Power),
		Channels: list(c.Channels, channelConfig), Digital: list(c.Digital, digitalConfig), Stream: streamConfig(c.Stream),
		Block: blockConfig(c.Block), RapidBlock: rapidBlockConfig(c.RapidBlock), Trigger: triggerConfig(c.Trigger),
		Generator: GeneratorConfig(c.Generator), Options: options(c.Options), MaxSamples: c.MaxSamples,
	}
}

func channelConfig(c driver.ChannelConfig) *driverpb.ChannelConfig {
	return &driverpb.ChannelConfig{
		Channel: text(c.Channel), RangeNanovolts: nanovolts(c.Range), Coupling: text(c.Coupling),
		OffsetNanovolts: nanovolts(c.Offset), BandwidthHertz: Rational(c.Bandwidth.Rational), Options: options(c.Options),
	}
}

func digitalConfig(d driver.DigitalConfig) *driverpb.DigitalConfig {
	return &driverpb.DigitalConfig{Port: text(d.Port), ThresholdsNanovolts: list(d.Thresholds, nanovolts), Hysteresis: text(d.Hysteresis)}
}

func downsample(d driver.Downsample) *driverpb.Downsample {
	if d == (driver.Downsample{}) {
		return nil
	}
	return &driverpb.Downsample{Mode: text(d.Mode), Ratio: d.Ratio, KeepRaw: d.KeepRaw}
}

func streamConfig(s *driver.StreamConfig) *driverpb.StreamConfig {
	if s == nil {
		return nil
	}
	return &driverpb.StreamConfig{
		IntervalSeconds: Rational(s.Interval.Rational), Unthrottled: s.Unthrottled, Downsample: downsample(s.Downsample),
		Pre: span(s.Pre), Post: span(s.Post), StopAfterTrigger: s.StopAfterTrigger,
	}
}

func repeat(r driver.Repeat) *driverpb.Repeat {
	if r == (driver.Repeat{}) {
		return nil
	}
	return &driverpb.Repeat{Count: r.Count, ForNanoseconds: int64(r.For), EveryNanoseconds: int64(r.Every), Forever: r.Forever, Ordered: r.Ordered}
}

func blockConfig(b *driver.BlockConfig) *driverpb.BlockConfig {
	if b == nil {
		return nil
	}
	return &driverpb.BlockConfig{
		Pre: span(b.Pre), Post: span(b.Post), IntervalSeconds: Rational(b.Interval.Rational), Timebase: b.Timebase,
		MemorySegment: b.MemorySegment, Repeat: repeat(b.Repeat), Downsample: downsample(b.Downsample),
	}
}

func rapidBlockConfig(r *driver.RapidBlockConfig) *driverpb.RapidBlockConfig {
	if r == nil {
		return nil
	}
	return &driverpb.RapidBlockConfig{Block: blockConfig(&r.BlockConfig), Captures: r.Captures}
}
