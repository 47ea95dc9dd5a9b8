package toproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Applied carries what the hardware will do.
func Applied(a driver.Applied) *driverpb.Applied {
	return &driverpb.Applied{
		Mode: text(a.Mode), IntervalSeconds: Rational(a.Interval.Rational), ResolutionBits: narrow(a.Resolution),
		Power: text(a.Power), Channels: list(a.Channels, appliedChannel), Digital: list(a.Digital, appliedDigital),
		Streams: list(a.Streams, stream), Timebase: a.Timebase, PreSamples: a.PreSamples, PostSamples: a.PostSamples,
		Captures: a.Captures, DeliveryPeriodNanoseconds: int64(a.DeliveryPeriod), Generator: AppliedGenerator(a.Generator),
		Notes: texts(a.Notes),
	}
}

func appliedChannel(c driver.AppliedChannel) *driverpb.AppliedChannel {
	return &driverpb.AppliedChannel{
		Channel: text(c.Channel), RangeNanovolts: nanovolts(c.Range), Coupling: text(c.Coupling),
		OffsetNanovolts: nanovolts(c.Offset), BandwidthHertz: Rational(c.Bandwidth.Rational), MinCode: c.CodeMin,
		MaxCode: c.CodeMax, VoltsPerCount: Rational(c.VoltsPerCount),
	}
}

func appliedDigital(d driver.AppliedDigital) *driverpb.AppliedDigital {
	return &driverpb.AppliedDigital{Port: text(d.Port), ThresholdsNanovolts: list(d.Thresholds, nanovolts), Hysteresis: text(d.Hysteresis)}
}

func stream(s driver.Stream) *driverpb.Stream {
	return &driverpb.Stream{
		Channel: text(s.Channel), Digital: s.Digital, Kind: text(s.Kind), Type: text(s.Type), Ratio: s.Ratio,
		Computed: text(s.Computed), WaveformSamples: s.WaveformSamples,
	}
}
