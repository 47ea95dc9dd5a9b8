package toproto

import (
	"reflect"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/units"
)

// Capabilities carries what a model or unit can do.
func Capabilities(c driver.Capabilities) *driverpb.Capabilities {
	return &driverpb.Capabilities{
		Model: text(c.Model), Channels: list(c.Channels, channelCapabilities), Digital: list(c.Digital, digitalCapabilities),
		ResolutionsBits: list(c.Resolutions, narrow), Formats: texts(c.Formats), Modes: list(c.Modes, modeCapabilities),
		Trigger: triggerCapabilities(c.Trigger), Generator: generatorCapabilities(c.Generator), Power: texts(c.Power),
		MaxCodes: list(c.MaxCodes, codeRange),
	}
}

func channelCapabilities(c driver.ChannelCapabilities) *driverpb.ChannelCapabilities {
	return &driverpb.ChannelCapabilities{
		Name: text(c.Name), RangesNanovolts: list(c.Ranges, nanovolts), AnyRange: c.AnyRange, Couplings: texts(c.Couplings),
		BandwidthsHertz: list(c.Bandwidths, hertz), Offsets: list(c.Offsets, offsetLimit),
	}
}

func offsetLimit(o driver.OffsetLimit) *driverpb.OffsetLimit {
	return &driverpb.OffsetLimit{RangeNanovolts: nanovolts(o.Range), MinNanovolts: nanovolts(o.Min), MaxNanovolts: nanovolts(o.Max)}
}

func digitalCapabilities(d driver.DigitalCapabilities) *driverpb.DigitalCapabilities {
	return &driverpb.DigitalCapabilities{
		Name: text(d.Name), Pins: texts(d.Pins), ThresholdMinNanovolts: nanovolts(d.ThresholdMin),
		ThresholdMaxNanovolts: nanovolts(d.ThresholdMax), PerPin: d.PerPin, Hysteresis: texts(d.Hysteresis),
	}
}

func codeRange(c driver.CodeRange) *driverpb.CodeRange {
	return &driverpb.CodeRange{ResolutionBits: narrow(c.Bits), MinCode: c.Min, MaxCode: c.Max}
}

func modeCapabilities(m driver.ModeCapabilities) *driverpb.ModeCapabilities {
	return &driverpb.ModeCapabilities{
		Mode: text(m.Mode), Ready: m.Ready, NotReady: text(m.NotReady), Rates: list(m.Rates, rateLimit),
		Unthrottled: m.Unthrottled, Downsample: texts(m.Downsample), MaxRatio: m.MaxRatio, RawBeside: m.RawBeside,
		MaxSamples: m.MaxSamples, MaxCaptures: m.MaxCaptures, MaxSegments: m.MaxSegments, Triggered: m.Triggered,
		StopAfter: m.StopAfter, TimebaseNumbers: m.TimebaseNumbers, Timebases: list(m.Timebases, timebases),
		Memory: list(m.Memory, memoryLimit), MaxDelaySamples: m.MaxDelay,
	}
}

func timebases(t driver.Timebases) *driverpb.Timebases {
	return &driverpb.Timebases{
		ResolutionBits: narrow(t.Bits), First: t.First, Last: t.Last, Minus: t.Minus, ClockHertz: Rational(t.Clock.Rational),
		ListedSeconds: list(t.Listed, func(i units.Interval) *driverpb.Rational { return element(i.Rational) }),
	}
}

func memoryLimit(m driver.MemoryLimit) *driverpb.MemoryLimit {
	return &driverpb.MemoryLimit{
		MaxChannels: narrow(m.MaxChannels), ResolutionBits: narrow(m.Bits), Digital: narrow(m.Digital), Samples: m.Samples, Limit: text(m.Limit),
	}
}

func rateLimit(r driver.RateLimit) *driverpb.RateLimit {
	return &driverpb.RateLimit{
		MaxChannels: narrow(r.MaxChannels), ResolutionBits: narrow(r.Bits), Digital: narrow(r.Digital),
		Spans: list(r.Spans, intervalSpan), Limit: text(r.Limit),
	}
}

func intervalSpan(s driver.IntervalSpan) *driverpb.IntervalSpan {
	return &driverpb.IntervalSpan{
		FirstSeconds: Rational(s.First.Rational), LastSeconds: Rational(s.Last.Rational), StepSeconds: Rational(s.Step.Rational),
	}
}

func triggerCapabilities(t driver.TriggerCapabilities) *driverpb.TriggerCapabilities {
	if reflect.ValueOf(t).IsZero() {
		return nil
	}
	return &driverpb.TriggerCapabilities{
		Sources: texts(t.Sources), Simple: t.Simple, Logic: t.Logic, MaxTerms: narrow(t.MaxTerms),
		Directions: texts(t.Directions), Digital: t.Digital, PulseWidth: texts(t.PulseWidth), Delay: t.Delay, Auto: t.Auto,
		EdgesPerTerm: narrow(t.EdgesPerTerm), MaxPulseWidthSamples: t.MaxPulseWidth, MaxInputNanovolts: nanovolts(t.MaxInput),
	}
}

func generatorCapabilities(g *driver.GeneratorCapabilities) *driverpb.GeneratorCapabilities {
	if g == nil {
		return nil
	}
	return &driverpb.GeneratorCapabilities{
		Waves: texts(g.Waves), Operations: texts(g.Operations), MinFrequencyHertz: Rational(g.MinFrequency.Rational),
		MaxFrequencyHertz: Rational(g.MaxFrequency.Rational), MaxAmplitudeNanovolts: nanovolts(g.MaxAmplitude),
		MaxOffsetNanovolts: nanovolts(g.MaxOffset), Sweeps: texts(g.Sweeps), Arbitrary: g.Arbitrary,
		MinArbitrarySamples: int64(g.MinArbitrary), MaxArbitrarySamples: int64(g.MaxArbitrary),
		MaxArbitrarySamplesPerSecond: Rational(g.MaxArbitraryRate.Rational), TriggerTypes: texts(g.TriggerTypes),
		TriggerSources: texts(g.TriggerSources), MaxOutputNanovolts: nanovolts(g.MaxOutput),
		NoSweepCount: g.NoSweepCount, FixedLevel: g.FixedLevel,
	}
}
