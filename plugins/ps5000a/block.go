package main

import (
	"cmp"
	"fmt"
	"math"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/dynlib"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
	"github.com/scopelog/scopelog/units"
)

func (u *unit) Timebase(number uint32, samples int64) (interval units.Interval, most int64, err error) {
	if samples < 0 {
		return interval, 0, fmt.Errorf("timebase %d for %d samples", number, samples)
	}
	ns, room, s := u.api.GetTimebase2(u.handle, number, int32(min(samples, math.MaxInt32)), 0)
	if samples > math.MaxInt32 && s == picosdk.StatusOK {
		s = picosdk.StatusTooManySamples
	}
	if err := failure("GetTimebase2", s); err != nil {
		return interval, int64(room), err
	}
	variant, err := u.UnitInfo(picosdk.InfoVariant)
	if err != nil {
		return interval, 0, err
	}
	bits, err := u.Resolution()
	if err != nil {
		return interval, 0, err
	}
	interval, err = native.TimebaseInterval(native.Table(models, variant, bits), number, float64(ns), native.RoundedFloat)
	return interval, int64(room), err
}

func (u *unit) Segments(n int64) (int64, error) {
	if n > math.MaxInt32 {
		return 0, failure("MemorySegments", picosdk.StatusTooManySegments)
	}
	if err := native.Count32("a number of segments", n); err != nil {
		return 0, err
	}
	samples, s := u.api.MemorySegments(u.handle, uint32(n))
	return int64(samples), failure("MemorySegments", s)
}

func (u *unit) SetCaptures(n int64) error {
	if err := native.Count32("a number of captures", n); err != nil {
		return err
	}
	return failure("SetNoOfCaptures", u.api.SetNoOfCaptures(u.handle, uint32(n)))
}

func (u *unit) RunBlock(pre, post int64, timebase uint32, segment int64) error {
	if err := cmp.Or(native.Count32("samples before the trigger", pre), native.Count32("samples behind it", post), native.Count32("a segment", segment)); err != nil {
		return err
	}
	u.leading = segment
	_, s := u.api.RunBlock(u.handle, int32(pre), int32(post), timebase, uint32(segment))
	if s.IsWarning() {
		return nil
	}
	return failure("RunBlock", s)
}

func (u *unit) Ready() (bool, error) {
	ready, s := u.api.IsReady(u.handle)
	return ready != 0, failure("IsReady", s)
}

// Captured asks for the captured waveforms; GetNoOfProcessedCaptures counts those that overlapped requests have fetched.
func (u *unit) Captured() (int64, error) {
	n, s := u.api.GetNoOfCaptures(u.handle)
	return int64(n), failure("GetNoOfCaptures", s)
}

// blockCalls are the calls of a fetch.
type blockCalls struct{ u *unit }

func (u *unit) Fetch(req scope.Fetch) ([]uint32, error) {
	if err := cmp.Or(native.Count32("a first sample", req.Start), native.Count32("samples", req.Samples), native.Count32("a segment", req.Last)); err != nil {
		return nil, err
	}
	return u.fetcher.Fetch(blockCalls{u}, req)
}

func (c blockCalls) Register(part scope.Part, r native.Registration, _ bool) error {
	code, n, segment := input{source: r.Source}.code(), int32(r.High.Len()), uint32(r.Segment)
	if r.Low == nil {
		return failure("SetDataBuffer", c.u.api.SetDataBuffer(c.u.handle, code, r.High, n, segment, part.Mode))
	}
	return failure("SetDataBuffers", c.u.api.SetDataBuffers(c.u.handle, code, r.High, r.Low, n, segment, part.Mode))
}

func (c blockCalls) Forget(part scope.Part, list []native.Registration) (first error) {
	for _, r := range list {
		code := input{source: r.Source}.code()
		s := c.u.api.SetDataBuffers(c.u.handle, code, nil, nil, 0, uint32(r.Segment), part.Mode)
		if err := failure("SetDataBuffers", s); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (c blockCalls) Values(part scope.Part, segment, start, samples int64) (int64, uint16, error) {
	n, over, s := c.u.api.GetValues(c.u.handle, uint32(start), uint32(samples), uint32(part.Ratio), part.Mode, uint32(segment))
	if s.IsWarning() {
		s = picosdk.StatusOK
	}
	return int64(n), uint16(over), failure("GetValues", s)
}

func (c blockCalls) BulkValues(part scope.Part, first, last, _, samples int64, over *dynlib.Buffer[int16]) (int64, error) {
	n, s := c.u.api.GetValuesBulk(c.u.handle, uint32(samples), uint32(first), uint32(last), uint32(part.Ratio), part.Mode, over)
	if s.IsWarning() {
		s = picosdk.StatusOK
	}
	return int64(n), failure("GetValuesBulk", s)
}

func (blockCalls) BulkFromStart() bool { return true }
