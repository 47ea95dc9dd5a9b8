package main

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/lent"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
	"github.com/scopelog/scopelog/plugins/ps6000a/internal/capi"
)

// input is a source in one mode, with the buffers that are lent to the library for it.
type input struct {
	source    scope.Source
	part      scope.Part
	high, low [lent.Buffers]*capi.Buffer[int16] // low: the smallest of an aggregate, else nil
}

// code is the vendor's number of the source.
func (i input) code() uint32 {
	if i.source.Digital {
		return picosdk.PortCode0 + uint32(i.source.Index)
	}
	return uint32(i.source.Index)
}

// Arm makes buffers for every source and mode, lends the library the first of them and starts the run.
func (u *unit) Arm(plan scope.RunPlan) (scope.Count, error) {
	plan.Parts = slices.Clone(plan.Parts)
	u.armed = plan
	mode, length := uint32(0), plan.Parts[0].Samples
	for _, part := range plan.Parts {
		mode |= part.Mode
		length = max(length, part.Samples) // all buffers of a run have one length
	}
	for i := range plan.Parts {
		plan.Parts[i].Samples = length
		for _, source := range plan.Sources {
			if err := u.allocate(source, plan.Parts[i]); err != nil {
				return scope.Count{}, u.giveUp(err)
			}
		}
	}
	if err := lent.Register(u.config(lent.Common{Handle: int16(u.handle), Ratio: uint32(plan.Ratio())}, 0)); err != nil {
		var e *lent.StatusError
		if errors.As(err, &e) {
			err = failure(e.Call, picosdk.Status(e.Status))
		}
		return scope.Count{}, u.giveUp(err)
	}
	// It is never told to stop behind a trigger: its own stop is bound to the unit's memory, and the loop can do it.
	post := max(plan.Post, min(int64(length)*plan.Ratio(), math.MaxInt32))
	value, s := u.api.RunStreaming(u.handle, plan.Interval.Value, uint32(plan.Interval.Unit), uint64(plan.Pre), uint64(post), 0, uint64(plan.Ratio()), mode)
	if err := failure("RunStreaming", s); err != nil && !s.IsWarning() {
		return scope.Count{}, u.giveUp(err)
	}
	return scope.Count{Value: value, Unit: plan.Interval.Unit}, nil
}

func (u *unit) allocate(source scope.Source, part scope.Part) (err error) {
	u.inputs = append(u.inputs, input{source: source, part: part})
	in := &u.inputs[len(u.inputs)-1]
	for i := range in.high {
		if in.high[i], err = capi.AllocInt16(part.Samples); err != nil {
			return err
		}
		if part.Down != driver.DownsampleAggregate {
			continue
		}
		if in.low[i], err = capi.AllocInt16(part.Samples); err != nil {
			return err
		}
	}
	return nil
}

// giveUp takes back what Arm has registered.
func (u *unit) giveUp(cause error) error {
	_ = u.Disarm() // what the library keeps is freed when the unit closes
	return cause
}

// Disarm takes the buffers from the library. If it does not give them back, they are kept until the unit is closed.
func (u *unit) Disarm() error {
	owed := u.fetcher.Settle(blockCalls{u})
	if len(u.inputs) == 0 {
		return owed
	}
	in := u.inputs[0]
	s := u.api.SetDataBuffer(u.handle, in.code(), nil, 0, typeInt16, 0, in.part.Mode, actionClearAll)
	err := failure("SetDataBuffer", s)
	if err != nil {
		u.kept = append(u.kept, u.inputs...)
	} else {
		u.free(u.inputs)
	}
	u.inputs = nil
	return cmp.Or(err, owed)
}

func (u *unit) free(list []input) {
	for _, in := range list {
		for i := range in.high {
			in.high[i].Free()
			in.low[i].Free()
		}
	}
}

// config tells the loop of the armed run.
func (u *unit) config(common lent.Common, maxCode int32) lent.Config {
	cfg := lent.Config{
		Common: common, GetStreamingLatestValues: u.api.Pointer("GetStreamingLatestValues"), SetDataBuffer: u.api.Pointer("SetDataBuffer"),
		SetDataBuffers: u.api.Pointer("SetDataBuffers"), BufferSamples: int32(u.inputs[0].part.Samples),
		ActionAdd: actionAdd, ActionClearAll: actionClearAll,
	}
	for _, in := range u.inputs {
		li := lent.Input{Channel: in.code(), VendorMode: in.part.Mode, DataType: typeInt16, Mode: native.ModeOf(in.part), Format: lent.Int16}
		for i := range in.high {
			li.Buffers[i], li.MinBuffers[i] = in.high[i].Pointer(), in.low[i].Pointer()
		}
		if !in.source.Digital {
			li.OverflowMask, li.MaxCode = 1<<in.source.Index, maxCode
		}
		cfg.Inputs = append(cfg.Inputs, li)
	}
	return cfg
}

// Loop starts the loop that polls the armed run.
func (u *unit) Loop(plan scope.LoopPlan) (scope.Loop, error) {
	return native.New(plan, family.Name, int16(u.handle), func(common lent.Common) (*lent.Loop, error) {
		return lent.Start(u.config(common, plan.CodeMax))
	})
}
