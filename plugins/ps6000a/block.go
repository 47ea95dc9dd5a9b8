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

// positive refuses what has no meaning to the library, whose counts have no sign.
func positive(what string, n int64) error {
	if n < 0 {
		return fmt.Errorf("%s of %d: the library counts from 0", what, n)
	}
	return nil
}

func (u *unit) Timebase(number uint32, samples int64) (interval units.Interval, most int64, err error) {
	if err := positive("samples", samples); err != nil {
		return interval, 0, err
	}
	ns, room, s := u.api.GetTimebase(u.handle, number, uint64(samples), 0)
	if err := failure("GetTimebase", s); err != nil {
		return interval, signed(room), err
	}
	variant, err := u.UnitInfo(picosdk.InfoVariant)
	if err != nil {
		return interval, 0, err
	}
	bits, err := u.Resolution()
	if err != nil {
		return interval, 0, err
	}
	interval, err = native.TimebaseInterval(native.Table(models, variant, bits), number, ns, native.RoundedDouble)
	return interval, signed(room), err
}

// signed is a count as a signed number, or the largest.
func signed(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

func (u *unit) Segments(n int64) (int64, error) {
	if err := positive("a number of segments", n); err != nil {
		return 0, err
	}
	samples, s := u.api.MemorySegments(u.handle, uint64(n))
	return signed(samples), failure("MemorySegments", s)
}

func (u *unit) SetCaptures(n int64) error {
	if err := positive("a number of captures", n); err != nil {
		return err
	}
	return failure("SetNoOfCaptures", u.api.SetNoOfCaptures(u.handle, uint64(n)))
}

func (u *unit) RunBlock(pre, post int64, timebase uint32, segment int64) error {
	if err := cmp.Or(positive("samples before the trigger", pre), positive("samples behind it", post), positive("a segment", segment)); err != nil {
		return err
	}
	u.leading = segment
	_, s := u.api.RunBlock(u.handle, uint64(pre), uint64(post), timebase, uint64(segment))
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
	return signed(n), failure("GetNoOfCaptures", s)
}

// blockCalls are the calls of a fetch.
type blockCalls struct{ u *unit }

func (u *unit) Fetch(req scope.Fetch) ([]uint32, error) { return u.fetcher.Fetch(blockCalls{u}, req) }

// Register adds to the queue of what the library has; with the first all that is left of earlier ones goes.
func (c blockCalls) Register(part scope.Part, r native.Registration, first bool) error {
	action := uint32(actionAdd)
	if first {
		action |= actionClearAll
	}
	code, n, segment := input{source: r.Source}.code(), int32(r.High.Len()), uint64(r.Segment)
	if r.Low == nil {
		return failure("SetDataBuffer", c.u.api.SetDataBuffer(c.u.handle, code, r.High, n, typeInt16, segment, part.Mode, action))
	}
	s := c.u.api.SetDataBuffers(c.u.handle, code, r.High, r.Low, n, typeInt16, segment, part.Mode, action)
	return failure("SetDataBuffers", s)
}

// Forget takes everything with one call.
func (c blockCalls) Forget(part scope.Part, list []native.Registration) error {
	if len(list) == 0 {
		return nil
	}
	code := input{source: list[0].Source}.code()
	s := c.u.api.SetDataBuffer(c.u.handle, code, nil, 0, typeInt16, uint64(list[0].Segment), part.Mode, actionClearAll)
	return failure("SetDataBuffer", s)
}

func (c blockCalls) Values(part scope.Part, segment, start, samples int64) (int64, uint16, error) {
	n, over, s := c.u.api.GetValues(c.u.handle, uint64(start), uint64(samples), uint64(part.Ratio), part.Mode, uint64(segment))
	if s.IsWarning() {
		s = picosdk.StatusOK
	}
	return signed(n), uint16(over), failure("GetValues", s)
}

func (c blockCalls) BulkValues(part scope.Part, first, last, start, samples int64, over *dynlib.Buffer[int16]) (int64, error) {
	n, s := c.u.api.GetValuesBulk(c.u.handle, uint64(start), uint64(samples), uint64(first), uint64(last), uint64(part.Ratio), part.Mode, over)
	if s.IsWarning() {
		s = picosdk.StatusOK
	}
	return signed(n), failure("GetValuesBulk", s)
}

func (blockCalls) BulkFromStart() bool { return false }
