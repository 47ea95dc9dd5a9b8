// Package native is what families share between package scope and their libraries. It makes a loop of package scope from the
// acquisition loops in C: it translates plans, results and counters, and joins the loops before and after a change of power to
// one. It fetches captured waveforms into memory that the library must have forgotten afterwards, and reads the library's times
// exactly. The loops themselves are elsewhere, and so is what a family's library has to be told.
package native

import (
	"context"
	"errors"
	"fmt"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/internal/loop"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// Start begins a loop over the buffers that the unit is armed with at the time of the call.
type Start func(loop.Common) (*loop.Loop, error)

// Loop is a [scope.Loop] over one C loop after another.
type Loop struct {
	common loop.Common
	start  Start
	prefix string

	// Written by Resume, while nobody waits; read under no lock by Counters and Stop, see current.
	runs current
}

var (
	_ scope.Loop    = (*Loop)(nil)
	_ scope.Quieter = (*Loop)(nil)
)

// New starts a loop. prefix is how the names of the vendor's functions begin.
func New(plan scope.LoopPlan, prefix string, handle int16, start Start) (*Loop, error) {
	l := &Loop{start: start, prefix: prefix, common: loop.Common{
		RingFD: plan.FD, RingBytes: plan.Bytes, Handle: handle, HoldOnPower: true,
	}}
	for _, s := range plan.Power {
		l.common.PowerCodes = append(l.common.PowerCodes, uint32(s))
	}
	if t := plan.Trigger; t != nil {
		l.common.Trigger = &loop.Trigger{Stop: t.Stop, After: uint64(t.After), Auto: uint64(t.Auto)}
	}
	ratio := plan.Run.Ratio()
	for _, s := range plan.Streams {
		input, err := InputOf(plan.Run, s)
		if err != nil {
			return nil, err
		}
		ratio = max(ratio, s.Ratio)
		format := loop.Int16
		if s.Digital {
			format = loop.Uint8
		}
		l.common.Streams = append(l.common.Streams, loop.Stream{Lane: s.Lane, Input: input, Kind: kinds[s.Kind], Format: format, Digital: s.Digital})
	}
	l.common.Ratio = uint32(ratio)
	first, err := start(l.common)
	if err != nil {
		return nil, err
	}
	l.runs.set(first)
	return l, nil
}

var kinds = map[driver.StreamKind]loop.Kind{
	driver.StreamRaw: loop.Raw, driver.StreamMin: loop.Min, driver.StreamMax: loop.Max,
	driver.StreamDecimate: loop.Decimated, driver.StreamAverage: loop.Averaged,
}

var modes = map[driver.DownsampleMode]loop.Mode{
	driver.DownsampleNone: loop.ModeRaw, driver.DownsampleAggregate: loop.ModeAggregate,
	driver.DownsampleDecimate: loop.ModeDecimate, driver.DownsampleAverage: loop.ModeAverage,
}

// ModeOf is what the library writes for a part of a run.
func ModeOf(p scope.Part) loop.Mode { return modes[p.Down] }

// InputOf is the input that feeds a stream: the inputs are all sources of the first part, then all of the second.
func InputOf(run scope.RunPlan, s scope.LoopStream) (int, error) {
	for i, p := range run.Parts {
		if raw := p.Down == driver.DownsampleNone; raw == (s.Host || s.Kind == driver.StreamRaw) {
			return i*len(run.Sources) + s.Source, nil
		}
	}
	return 0, fmt.Errorf("no part of the run brings the stream %s of source %d", s.Kind, s.Source)
}

// Stop asks for the end.
func (l *Loop) Stop() { l.runs.stop() }

var ends = map[loop.Reason]scope.End{
	loop.ReasonStopped: scope.EndStopped, loop.ReasonHostDrained: scope.EndStopped, loop.ReasonAutoStopped: scope.EndAuto,
	loop.ReasonHostClosed: scope.EndClosed, loop.ReasonPower: scope.EndPower, loop.ReasonFailed: scope.EndFailed, loop.ReasonProtocol: scope.EndProtocol,
	loop.ReasonTriggered: scope.EndTriggered,
}

// Wait returns when the loop has ended.
func (l *Loop) Wait() scope.Result {
	now, _ := l.runs.get()
	res, err := now.Wait(context.Background())
	if err != nil { // a context that never ends has no error
		return scope.Result{End: scope.EndProtocol, Text: err.Error()}
	}
	_, before := l.runs.get()
	out := scope.Result{End: ends[res.Reason], Status: picosdk.Status(res.Status), Text: res.Fault, Samples: before.Samples + int64(res.Samples), Cut: int64(res.Cut), Drained: res.Drained, LastPollNS: res.LastPollNS}
	if res.Call != "" {
		out.Call = l.prefix + res.Call
	}
	return out
}

// Resume goes on in the same ring behind a loss. The C loop notes the loss as one of power, the only one it knows.
func (l *Loop) Resume(cause driver.Cause) error {
	if cause != driver.CausePower {
		return fmt.Errorf("go on behind a loss of cause %d: %w", cause, loop.ErrConfig)
	}
	before, _ := l.runs.get()
	common := l.common
	common.After = before
	next, err := l.start(common)
	if err != nil {
		return fmt.Errorf("poll again: %w", err)
	}
	l.runs.set(next)
	return before.Close()
}

// Finish ends the ring where the loop has not done so, and frees the loop.
func (l *Loop) Finish(failure *driver.Error) error {
	now, _ := l.runs.get()
	class, status := uint32(0), uint32(0)
	if failure != nil {
		class, status = uint32(failure.Kind), failure.Status.Code
	}
	err := now.Finish(class, status)
	if closed := now.Close(); err == nil {
		err = closed
	}
	return err
}

// Quiet calls f between two polls.
func (l *Loop) Quiet(f func() error) error {
	now, _ := l.runs.get()
	err := now.Quiet(f)
	if errors.Is(err, loop.ErrEnded) {
		return driver.Errorf(driver.KindTransient, "", "the acquisition ends, or its unit's power changes: try again")
	}
	return err
}

// Counters may be read at any time.
func (l *Loop) Counters() scope.Counters {
	now, before := l.runs.get()
	return add(before, now.Counters())
}

// add continues counters with those of a later loop.
func add(sum scope.Counters, c loop.Counters) scope.Counters {
	sum.Polls += c.Polls
	sum.Deliveries += c.Deliveries
	sum.Samples += int64(c.Samples)
	sum.Starved += c.Waiting
	sum.Stalls += c.Stalls
	sum.Jumps += c.Jumps
	sum.Uneven += c.Uneven
	sum.Batches += c.Batches
	sum.Trigger.Strays += c.Trigger.Strays
	if t := c.Trigger; t.Seen { // the later loop knows what those before have seen
		sum.Trigger.Seen, sum.Trigger.Auto, sum.Trigger.First, sum.Trigger.Last = true, t.Auto, int64(t.First), int64(t.Last)
	}
	sum.Dropped += c.Dropped
	sum.LongestPoll = max(sum.LongestPoll, c.LongestPoll)
	sum.LargestPollGap = max(sum.LargestPollGap, c.LargestPollGap)
	for _, n := range c.Suspicious {
		sum.Suspicious += n
	}
	return sum
}
