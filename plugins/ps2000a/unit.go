package main

import (
	"errors"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
	"github.com/scopelog/scopelog/plugins/ps2000a/internal/capi"
	"github.com/scopelog/scopelog/units"
)

// unit is one open unit for the engine.
type unit struct {
	api    *capi.API
	handle capi.Handle
	armed  scope.RunPlan
	inputs []input // of the armed run
	kept   []input // the library did not give them back

	fetcher native.Fetcher
}

var (
	_ scope.Unit         = (*unit)(nil)
	_ scope.PortSetter   = (*unit)(nil)
	_ scope.RangeTeller  = (*unit)(nil)
	_ scope.OffsetTeller = (*unit)(nil)
	_ scope.BlockUnit    = (*unit)(nil)
	_ scope.Generator    = (*unit)(nil)
)

func (u *unit) UnitInfo(key picosdk.Info) (string, error) {
	text, s := u.api.GetUnitInfo(u.handle, uint32(key))
	return text, failure("GetUnitInfo", s)
}

func (u *unit) SetChannel(c scope.ChannelSettings) error {
	s := u.api.SetChannel(u.handle, uint32(c.Channel), flag(c.On), uint32(c.Coupling), uint32(c.Range), float32(c.Offset.Volts()))
	return failure("SetChannel", s)
}

func flag(on bool) int16 {
	if on {
		return 1
	}
	return 0
}

func (u *unit) SetPort(p scope.PortSettings) error {
	level := int16(0)
	if len(p.Levels) > 0 {
		level = p.Levels[0]
	}
	return failure("SetDigitalPort", u.api.SetDigitalPort(u.handle, picosdk.PortCode0+uint32(p.Port), flag(p.On), level))
}

func (u *unit) CodeLimits(int) (lowest, highest int32, err error) {
	high, s := u.api.MaximumValue(u.handle)
	if err := failure("MaximumValue", s); err != nil {
		return 0, 0, err
	}
	low, s := u.api.MinimumValue(u.handle)
	return int32(low), int32(high), failure("MinimumValue", s)
}

func (u *unit) ChannelRanges(channel int) ([]picosdk.Range, error) {
	list, s := u.api.GetChannelInformation(u.handle, infoRanges, 0, int32(channel))
	ranges := make([]picosdk.Range, len(list))
	for i, r := range list {
		ranges[i] = picosdk.Range(r)
	}
	return ranges, failure("GetChannelInformation", s)
}

func (u *unit) OffsetLimits(r picosdk.Range, c picosdk.Coupling) (lowest, highest units.Voltage, err error) {
	high, low, s := u.api.GetAnalogueOffset(u.handle, uint32(r), uint32(c))
	return microvolts(low), microvolts(high), failure("GetAnalogueOffset", s)
}

// microvolts is a float of the library to the microvolt, which is more than it holds.
func microvolts(volts float32) units.Voltage {
	v := float64(volts) * 1e6
	if v < 0 {
		return -units.Voltage(-v+0.5) * units.Microvolt
	}
	return units.Voltage(v+0.5) * units.Microvolt
}

func (u *unit) Prepare() error {
	if _, s := u.api.SetEts(u.handle, etsOff, 0, 0); s != picosdk.StatusOK && s.Class() != picosdk.ClassUser { // a unit without it refuses
		return failure("SetEts", s)
	}
	if err := u.ClearTrigger(); err != nil {
		return err
	}
	if _, s := u.api.MemorySegments(u.handle, 1); s != picosdk.StatusOK {
		return failure("MemorySegments", s)
	}
	return failure("SetNoOfCaptures", u.api.SetNoOfCaptures(u.handle, 1))
}

func (u *unit) Stop() error { return failure("Stop", u.api.Stop(u.handle)) }

func (u *unit) NoOfStreamingValues() (uint64, error) {
	n, s := u.api.NoOfStreamingValues(u.handle)
	return uint64(n), failure("NoOfStreamingValues", s)
}

func (u *unit) Ping() error { return failure("PingUnit", u.api.PingUnit(u.handle)) }

func (u *unit) Flash(times int) error {
	return failure("FlashLed", u.api.FlashLed(u.handle, int16(times)))
}

func (u *unit) Close() error {
	s := u.api.CloseUnit(u.handle)
	if err := failure("CloseUnit", s); err != nil && !errors.Is(err, picosdk.StatusInvalidHandle) {
		return err // the library may still write to the buffers
	}
	u.free(append(u.kept, u.inputs...))
	u.kept, u.inputs = nil, nil
	u.fetcher.Free()
	return nil
}
