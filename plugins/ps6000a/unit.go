package main

import (
	"errors"
	"math"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
	"github.com/scopelog/scopelog/plugins/ps6000a/internal/capi"
	"github.com/scopelog/scopelog/units"
)

// unit is one open unit for the engine.
type unit struct {
	api    *capi.API
	handle capi.Handle
	armed  scope.RunPlan
	inputs []input // of the armed run
	kept   []input // the library did not give them back
	edge   uint32  // that the generator waits for

	fetcher native.Fetcher
	leading int64 // segment of the first waveform of the last run
}

var (
	_ scope.Unit             = (*unit)(nil)
	_ scope.ResolutionSetter = (*unit)(nil)
	_ scope.ResolutionTeller = (*unit)(nil)
	_ scope.PortSetter       = (*unit)(nil)
	_ scope.OffsetTeller     = (*unit)(nil)
	_ scope.BlockUnit        = (*unit)(nil)
	_ scope.Generator        = (*unit)(nil)
)

func (u *unit) UnitInfo(key picosdk.Info) (string, error) {
	text, s := u.api.GetUnitInfo(u.handle, uint32(key))
	return text, failure("GetUnitInfo", s)
}

func (u *unit) SetChannel(c scope.ChannelSettings) error {
	if !c.On {
		return failure("SetChannelOff", u.api.SetChannelOff(u.handle, uint32(c.Channel)))
	}
	s := u.api.SetChannelOn(u.handle, uint32(c.Channel), uint32(c.Coupling), uint32(c.Range), c.Offset.Volts(), c.Bandwidth)
	return failure("SetChannelOn", s)
}

func (u *unit) SetPort(p scope.PortSettings) error {
	port := picosdk.PortCode0 + uint32(p.Port)
	if !p.On {
		return failure("SetDigitalPortOff", u.api.SetDigitalPortOff(u.handle, port))
	}
	return failure("SetDigitalPortOn", u.api.SetDigitalPortOn(u.handle, port, p.Levels, p.Hysteresis))
}

func (u *unit) SetResolution(bits int) error {
	code, ok := picosdk.ResolutionCode(bits)
	if !ok {
		return failure("SetDeviceResolution", picosdk.StatusInvalidResolution)
	}
	return failure("SetDeviceResolution", u.api.SetDeviceResolution(u.handle, code))
}

func (u *unit) Resolution() (bits int, err error) {
	code, s := u.api.GetDeviceResolution(u.handle)
	return picosdk.ResolutionBits(code), failure("GetDeviceResolution", s)
}

func (u *unit) CodeLimits(bits int) (lowest, highest int32, err error) {
	code, _ := picosdk.ResolutionCode(bits)
	low, high, s := u.api.GetAdcLimits(u.handle, code)
	return int32(low), int32(high), failure("GetAdcLimits", s)
}

func (u *unit) OffsetLimits(r picosdk.Range, c picosdk.Coupling) (lowest, highest units.Voltage, err error) {
	high, low, s := u.api.GetAnalogueOffsetLimits(u.handle, uint32(r), uint32(c))
	return microvolts(low), microvolts(high), failure("GetAnalogueOffsetLimits", s)
}

// microvolts is a double of the library to the microvolt.
func microvolts(volts float64) units.Voltage {
	return units.Voltage(math.Round(volts*1e6)) * units.Microvolt
}

func (u *unit) Prepare() error {
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
	return n, failure("NoOfStreamingValues", s)
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
