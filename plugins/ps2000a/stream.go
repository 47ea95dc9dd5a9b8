package main

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/overview"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
	"github.com/scopelog/scopelog/plugins/ps2000a/internal/capi"
)

// input is a source with the buffers that the library fills for it.
type input struct {
	source scope.Source
	mode   uint32
	high   *capi.Buffer[int16] // or the only one
	low    *capi.Buffer[int16] // the smallest of an aggregate, else nil
}

// code is the vendor's number of the source.
func (i input) code() uint32 {
	if i.source.Digital {
		return picosdk.PortCode0 + uint32(i.source.Index)
	}
	return uint32(i.source.Index)
}

// Arm registers one buffer per source, or two for aggregates, and starts the run. The units cannot deliver two modes
// at once, so there is one part.
func (u *unit) Arm(plan scope.RunPlan) (scope.Count, error) {
	part := plan.Parts[0]
	u.armed = plan
	for _, source := range plan.Sources {
		if err := u.register(source, part); err != nil {
			return scope.Count{}, u.giveUp(err)
		}
	}
	pre, post := native.Span32(plan)
	count, s := u.api.RunStreaming(u.handle, uint32(plan.Interval.Value), uint32(plan.Interval.Unit), pre, post, 0, uint32(part.Ratio), part.Mode, uint32(part.Samples))
	if err := failure("RunStreaming", s); err != nil && !s.IsWarning() {
		return scope.Count{}, u.giveUp(err)
	}
	return scope.Count{Value: float64(count), Unit: plan.Interval.Unit}, nil
}

func (u *unit) register(source scope.Source, part scope.Part) (err error) {
	in := input{source: source, mode: part.Mode}
	if in.high, err = capi.AllocInt16(part.Samples); err != nil {
		return err
	}
	u.inputs = append(u.inputs, in)
	last := &u.inputs[len(u.inputs)-1]
	if part.Down != driver.DownsampleAggregate {
		return failure("SetDataBuffer", u.api.SetDataBuffer(u.handle, int32(in.code()), in.high, int32(part.Samples), 0, part.Mode))
	}
	if last.low, err = capi.AllocInt16(part.Samples); err != nil {
		return err
	}
	return failure("SetDataBuffers", u.api.SetDataBuffers(u.handle, int32(in.code()), in.high, last.low, int32(part.Samples), 0, part.Mode))
}

// giveUp takes back what Arm has registered.
func (u *unit) giveUp(cause error) error {
	_ = u.Disarm() // what the library keeps is freed when the unit closes
	return cause
}

// Disarm takes the buffers from the library. Those that it does not give back are kept until the unit is closed.
func (u *unit) Disarm() error {
	first := u.fetcher.Settle(blockCalls{u})
	for _, in := range u.inputs {
		s := u.api.SetDataBuffers(u.handle, int32(in.code()), nil, nil, 0, 0, in.mode)
		if err := failure("SetDataBuffers", s); err != nil {
			u.kept = append(u.kept, in)
			if first == nil {
				first = err
			}
			continue
		}
		u.free([]input{in})
	}
	u.inputs = nil
	return first
}

func (u *unit) free(list []input) {
	for _, in := range list {
		in.high.Free()
		in.low.Free()
	}
}

// Loop starts the loop that polls the armed run.
func (u *unit) Loop(plan scope.LoopPlan) (scope.Loop, error) {
	return native.New(plan, family.Name, int16(u.handle), func(common overview.Common) (*overview.Loop, error) {
		part := u.armed.Parts[0]
		cfg := overview.Config{
			Common: common, GetStreamingLatestValues: u.api.Pointer("GetStreamingLatestValues"), BufferSamples: uint32(part.Samples),
		}
		for _, in := range u.inputs {
			oi := overview.Input{Buffer: in.high.Pointer(), MinBuffer: in.low.Pointer(), Mode: native.ModeOf(part), Format: overview.Int16}
			if !in.source.Digital {
				oi.OverflowMask, oi.MaxCode = 1<<in.source.Index, plan.CodeMax
			}
			cfg.Inputs = append(cfg.Inputs, oi)
		}
		return overview.Start(cfg)
	})
}
