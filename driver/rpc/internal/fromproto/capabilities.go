package fromproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Capabilities reads what a model or unit can do.
func Capabilities(c *driverpb.Capabilities) (driver.Capabilities, error) {
	return decode(c, (*decoder).capabilities)
}

func (d *decoder) capabilities(c *driverpb.Capabilities) driver.Capabilities {
	return driver.Capabilities{
		Model: c.GetModel(), Channels: list(c.GetChannels(), d.channelCapabilities),
		Digital: list(c.GetDigital(), digitalCapabilities), Resolutions: list(c.GetResolutionsBits(), widen),
		Formats: words[string](c.GetFormats()), Modes: list(c.GetModes(), d.modeCapabilities),
		Trigger: triggerCapabilities(c.GetTrigger()), Generator: d.generatorCapabilities(c.GetGenerator()),
		Power: words[driver.PowerSource](c.GetPower()), MaxCodes: list(c.GetMaxCodes(), codeRange),
	}
}

func (d *decoder) channelCapabilities(c *driverpb.ChannelCapabilities) driver.ChannelCapabilities {
	return driver.ChannelCapabilities{
		Name: c.GetName(), Ranges: list(c.GetRangesNanovolts(), voltage), AnyRange: c.GetAnyRange(),
		Couplings: words[driver.Coupling](c.GetCouplings()), Bandwidths: list(c.GetBandwidthsHertz(), d.frequency),
		Offsets: list(c.GetOffsets(), offsetLimit),
	}
}

func offsetLimit(o *driverpb.OffsetLimit) driver.OffsetLimit {
	return driver.OffsetLimit{Range: voltage(o.GetRangeNanovolts()), Min: voltage(o.GetMinNanovolts()), Max: voltage(o.GetMaxNanovolts())}
}

func digitalCapabilities(c *driverpb.DigitalCapabilities) driver.DigitalCapabilities {
	return driver.DigitalCapabilities{
		Name: c.GetName(), Pins: words[string](c.GetPins()), ThresholdMin: voltage(c.GetThresholdMinNanovolts()),
		ThresholdMax: voltage(c.GetThresholdMaxNanovolts()), PerPin: c.GetPerPin(), Hysteresis: words[string](c.GetHysteresis()),
	}
}

func codeRange(c *driverpb.CodeRange) driver.CodeRange {
	return driver.CodeRange{Bits: int(c.GetResolutionBits()), Min: c.GetMinCode(), Max: c.GetMaxCode()}
}

func (d *decoder) modeCapabilities(m *driverpb.ModeCapabilities) driver.ModeCapabilities {
	return driver.ModeCapabilities{
		Mode: driver.Mode(m.GetMode()), Ready: m.GetReady(), NotReady: m.GetNotReady(), Rates: list(m.GetRates(), d.rateLimit),
		Unthrottled: m.GetUnthrottled(), Downsample: words[driver.DownsampleMode](m.GetDownsample()), MaxRatio: m.GetMaxRatio(),
		RawBeside: m.GetRawBeside(), MaxSamples: m.GetMaxSamples(), MaxCaptures: m.GetMaxCaptures(),
		MaxSegments: m.GetMaxSegments(), Triggered: m.GetTriggered(), StopAfter: m.GetStopAfter(),
		TimebaseNumbers: m.GetTimebaseNumbers(), Timebases: list(m.GetTimebases(), d.timebases),
		Memory: list(m.GetMemory(), memoryLimit), MaxDelay: m.GetMaxDelaySamples(),
	}
}

func (d *decoder) timebases(t *driverpb.Timebases) driver.Timebases {
	return driver.Timebases{
		Bits: int(t.GetResolutionBits()), First: t.GetFirst(), Last: t.GetLast(), Listed: list(t.GetListedSeconds(), d.interval),
		Minus: t.GetMinus(), Clock: d.frequency(t.GetClockHertz()),
	}
}

func memoryLimit(m *driverpb.MemoryLimit) driver.MemoryLimit {
	return driver.MemoryLimit{
		MaxChannels: int(m.GetMaxChannels()), Bits: int(m.GetResolutionBits()), Digital: int(m.GetDigital()), Samples: m.GetSamples(), Limit: m.GetLimit(),
	}
}

func (d *decoder) rateLimit(r *driverpb.RateLimit) driver.RateLimit {
	return driver.RateLimit{
		MaxChannels: int(r.GetMaxChannels()), Bits: int(r.GetResolutionBits()), Digital: int(r.GetDigital()),
		Spans: list(r.GetSpans(), d.intervalSpan), Limit: r.GetLimit(),
	}
}

func (d *decoder) intervalSpan(s *driverpb.IntervalSpan) driver.IntervalSpan {
	return driver.IntervalSpan{
		First: d.interval(s.GetFirstSeconds()), Last: d.interval(s.GetLastSeconds()), Step: d.interval(s.GetStepSeconds()),
	}
}

func triggerCapabilities(t *driverpb.TriggerCapabilities) driver.TriggerCapabilities {
	return driver.TriggerCapabilities{
		Sources: words[string](t.GetSources()), Simple: t.GetSimple(), Logic: t.GetLogic(), MaxTerms: int(t.GetMaxTerms()),
		Directions: words[driver.Direction](t.GetDirections()), Digital: t.GetDigital(),
		PulseWidth: words[driver.PulseType](t.GetPulseWidth()), Delay: t.GetDelay(), Auto: t.GetAuto(),
		EdgesPerTerm: int(t.GetEdgesPerTerm()), MaxPulseWidth: t.GetMaxPulseWidthSamples(), MaxInput: voltage(t.GetMaxInputNanovolts()),
	}
}

func (d *decoder) generatorCapabilities(g *driverpb.GeneratorCapabilities) *driver.GeneratorCapabilities {
	if g == nil {
		return nil
	}
	return &driver.GeneratorCapabilities{
		Waves: words[string](g.GetWaves()), Operations: words[string](g.GetOperations()),
		MinFrequency: d.frequency(g.GetMinFrequencyHertz()), MaxFrequency: d.frequency(g.GetMaxFrequencyHertz()),
		MaxAmplitude: voltage(g.GetMaxAmplitudeNanovolts()), MaxOffset: voltage(g.GetMaxOffsetNanovolts()),
		Sweeps: words[string](g.GetSweeps()), Arbitrary: g.GetArbitrary(), MinArbitrary: d.count(g.GetMinArbitrarySamples()),
		MaxArbitrary: d.count(g.GetMaxArbitrarySamples()), MaxArbitraryRate: d.rate(g.GetMaxArbitrarySamplesPerSecond()),
		TriggerTypes: words[string](g.GetTriggerTypes()), TriggerSources: words[string](g.GetTriggerSources()),
		MaxOutput: voltage(g.GetMaxOutputNanovolts()), NoSweepCount: g.GetNoSweepCount(), FixedLevel: g.GetFixedLevel(),
	}
}
