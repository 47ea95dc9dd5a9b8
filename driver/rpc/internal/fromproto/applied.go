package fromproto

import (
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Applied reads what the hardware will do.
func Applied(a *driverpb.Applied) (driver.Applied, error) { return decode(a, (*decoder).applied) }

func (d *decoder) applied(a *driverpb.Applied) driver.Applied {
	return driver.Applied{
		Mode: driver.Mode(a.GetMode()), Interval: d.interval(a.GetIntervalSeconds()), Resolution: int(a.GetResolutionBits()),
		Power: driver.PowerState(a.GetPower()), Channels: list(a.GetChannels(), d.appliedChannel),
		Digital: list(a.GetDigital(), appliedDigital), Streams: list(a.GetStreams(), stream), Timebase: a.GetTimebase(),
		PreSamples: a.GetPreSamples(), PostSamples: a.GetPostSamples(), Captures: a.GetCaptures(),
		DeliveryPeriod: time.Duration(a.GetDeliveryPeriodNanoseconds()), Generator: d.appliedGenerator(a.GetGenerator()),
		Notes: words[string](a.GetNotes()),
	}
}

func (d *decoder) appliedChannel(c *driverpb.AppliedChannel) driver.AppliedChannel {
	return driver.AppliedChannel{
		Channel: c.GetChannel(), Range: voltage(c.GetRangeNanovolts()), Coupling: driver.Coupling(c.GetCoupling()),
		Offset: voltage(c.GetOffsetNanovolts()), Bandwidth: d.frequency(c.GetBandwidthHertz()), CodeMin: c.GetMinCode(),
		CodeMax: c.GetMaxCode(), VoltsPerCount: d.rational(c.GetVoltsPerCount()),
	}
}

func appliedDigital(c *driverpb.AppliedDigital) driver.AppliedDigital {
	return driver.AppliedDigital{Port: c.GetPort(), Thresholds: list(c.GetThresholdsNanovolts(), voltage), Hysteresis: c.GetHysteresis()}
}

func stream(s *driverpb.Stream) driver.Stream {
	return driver.Stream{
		Channel: s.GetChannel(), Digital: s.GetDigital(), Kind: driver.StreamKind(s.GetKind()),
		Type: driver.SampleType(s.GetType()), Ratio: s.GetRatio(), Computed: s.GetComputed(),
		WaveformSamples: s.GetWaveformSamples(),
	}
}
