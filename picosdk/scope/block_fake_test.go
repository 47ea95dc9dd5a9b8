package scope

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
	"github.com/scopelog/scopelog/units"
)

// fakeBlocks is the memory of a unit. Its samples are functions of source, run, segment and number; see code.
type fakeBlocks struct {
	mu       sync.Mutex
	memory   int64
	segments int64
	captures int64
	most     int64 // of segments
	slowest  uint32
	run      fakeRun
	runs     int
	trigger  bool

	polls    int                                            // in vain before it is ready; below 0: it never is
	captured int64                                          // what it says after a stop
	sofar    func() int64                                   // what it says before; nil: none
	answer   func(call string) error                        // nil: as the bench says
	times    func(first, last int64) ([]TriggerTime, error) // nil: a trigger at every 1000th sample
	over     func(segment int64) uint32
	hang     chan struct{} // Ready waits for it
	asleep   chan struct{} // told when it does
	short    bool          // Fetch tells of too few segments
}

type fakeRun struct {
	pre, post, first int64
	timebase         uint32
	polls            int
	stopped          bool
}

// blockFake is a unit that captures blocks.
type blockFake struct {
	*fakeUnit
	f *fakeBlocks
}

var (
	_ BlockUnit = blockFake{}
	_ Triggerer = blockFake{}
)

func (u blockFake) fails(name string, args ...any) error {
	if err := u.b.call(name, args...); err != nil || u.f.answer == nil {
		return err
	}
	return u.f.answer(name)
}

func (u blockFake) Timebase(number uint32, samples int64) (units.Interval, int64, error) {
	i, ok := fakeModel("x", 4, 0).Resolutions[0].Timebase.Interval(number)
	if !ok || number < u.f.slowest {
		return i, 0, picosdk.Err("fakeGetTimebase", picosdk.StatusInvalidTimebase)
	}
	most := u.f.memory / u.f.segments
	if samples > most {
		return i, most, picosdk.Err("fakeGetTimebase", picosdk.StatusTooManySamples)
	}
	return i, most, nil
}

func (u blockFake) Segments(n int64) (int64, error) {
	if n > u.f.most {
		return 0, picosdk.Err("fakeMemorySegments", picosdk.StatusTooManySegments)
	}
	u.f.segments = n
	return u.f.memory / n, u.fails("Segments", n)
}

func (u blockFake) SetCaptures(n int64) error {
	u.f.captures = n
	return u.fails("SetCaptures", n)
}

func (u blockFake) RunBlock(pre, post int64, timebase uint32, segment int64) error {
	u.f.mu.Lock()
	defer u.f.mu.Unlock()
	if err := u.fails("RunBlock", pre, post, timebase, segment); err != nil {
		return err
	}
	u.f.runs++
	u.f.run = fakeRun{pre: pre, post: post, first: segment, timebase: timebase}
	return nil
}

func (u blockFake) Ready() (bool, error) {
	u.f.mu.Lock()
	defer u.f.mu.Unlock()
	if u.f.hang != nil {
		u.f.asleep <- struct{}{}
		<-u.f.hang
		u.f.hang = nil
	}
	if err := u.fails("Ready"); err != nil {
		return false, err
	}
	u.f.run.polls++
	return u.f.polls >= 0 && u.f.run.polls > u.f.polls, nil
}

func (u blockFake) Stop() error {
	u.f.mu.Lock()
	defer u.f.mu.Unlock()
	u.f.run.stopped = true
	return u.fakeUnit.Stop()
}

func (u blockFake) Captured() (int64, error) {
	u.f.mu.Lock()
	defer u.f.mu.Unlock()
	n := u.f.captured
	if !u.f.run.stopped {
		n = 0
		if u.f.sofar != nil {
			n = u.f.sofar()
		}
	}
	return n, u.fails("Captured")
}

func (u blockFake) Fetch(req Fetch) ([]uint32, error) {
	u.f.mu.Lock()
	defer u.f.mu.Unlock()
	err := u.fails("Fetch", fmt.Sprintf("%s/%d", req.Part.Down, req.Part.Ratio), fmt.Sprintf("%d-%d", req.First, req.Last), req.Start, req.Samples)
	if err != nil {
		return nil, err
	}
	over := make([]uint32, req.Last-req.First+1)
	for w := range over {
		segment := req.First + int64(w)
		if u.f.over != nil {
			over[w] = u.f.over(segment)
		}
		for k, s := range req.Sources {
			m := req.Memory[w][k]
			for g := range req.Groups() {
				low, high := int64(1<<15), int64(-1<<15)
				first := req.Start + g*req.Part.Ratio
				for i := first; i < first+req.Part.Ratio; i++ {
					v := code(s, u.f.runs, segment, i)
					low, high = min(low, v), max(high, v)
				}
				if req.Part.Down != driver.DownsampleAggregate {
					high = code(s, u.f.runs, segment, first)
				}
				put(m.High, s, g, high)
				if m.Low != nil {
					put(m.Low, s, g, low)
				}
			}
		}
	}
	if u.f.short {
		over = over[1:]
	}
	return over, nil
}

// code is a sample of the fake unit.
func code(s Source, run int, segment, i int64) int64 {
	v := i*7 + segment*1009 + int64(run)*4099 + int64(s.Index)*30011
	if s.Digital {
		return v & 0x7f
	}
	return v & 0x7fff
}

func put(m []byte, s Source, at, v int64) {
	if s.Digital {
		m[at] = byte(v)
		return
	}
	binary.LittleEndian.PutUint16(m[2*at:], uint16(v))
}

func (u blockFake) TriggerTimes(first, last int64) ([]TriggerTime, error) {
	if err := u.fails("TriggerTimes", fmt.Sprintf("%d-%d", first, last)); err != nil {
		return nil, err
	}
	if u.f.times != nil {
		return u.f.times(first, last)
	}
	var list []TriggerTime
	for i := first; i <= last; i++ {
		list = append(list, TriggerTime{OffsetFS: -i, Timed: true, Counter: uint64(1000 * i), Counted: true})
	}
	return list, nil
}

func (u blockFake) SetTrigger(p trigger.Plan) error {
	err := u.fails("SetTrigger", len(p.Levels), p.Delay, p.Auto)
	u.f.trigger = err == nil
	return err
}

func (u blockFake) ClearTrigger() error {
	u.f.trigger = false
	return u.fails("ClearTrigger")
}

func (u blockFake) TriggerRules() trigger.Rules { return trigger.Rules{} }

// memSink is a sink whose lanes are ordinary memory without an end. It keeps all that it gets and refuses what is against the rules.
type memSink struct {
	t       *testing.T
	applied driver.Applied
	lanes   [][]byte // room, twice as much as a test needs
	most    int      // samples that can be reserved at once
	drain   chan struct{}
	closed  error // Commit's answer; nil: it takes all

	mu       sync.Mutex
	have     []int // bytes by stream
	reserved []int // bytes, the same
	open     bool
	refusals int // of Reserve
	batches  []memBatch
	now      memBatch
	progress int
	full     bool          // WaitRoom waits for the end of its context
	slow     time.Duration // WaitRoom takes so long
	refusal  error         // its answer; nil: there is room
	asked    int           // most samples that were waited for
	finished []*driver.Error
}

// memBatch is one batch.
type memBatch struct {
	mono  int64
	first []int // samples of each stream before it
	count []int
	over  []uint32
	marks []driver.Mark
}

func newMemSink(t *testing.T, a driver.Applied) *memSink {
	s := &memSink{t: t, applied: a, most: 1 << 30, drain: make(chan struct{}), have: make([]int, len(a.Streams)), reserved: make([]int, len(a.Streams))}
	for range a.Streams {
		s.lanes = append(s.lanes, make([]byte, 1<<20))
	}
	return s
}

func (s *memSink) fail(format string, args ...any) { s.t.Errorf("sink: "+format, args...) }

func (s *memSink) Streams() int              { return len(s.applied.Streams) }
func (s *memSink) Draining() <-chan struct{} { return s.drain }

func (s *memSink) Begin(monoNS int64) {
	if s.open || len(s.finished) > 0 {
		s.fail("begin inside of a batch, or behind the end")
	}
	s.open = true
	s.now = memBatch{mono: monoNS, count: make([]int, len(s.lanes)), over: make([]uint32, len(s.lanes))}
	for i := range s.lanes {
		s.now.first = append(s.now.first, s.have[i]/s.size(i))
	}
}

func (s *memSink) size(stream int) int { return s.applied.Streams[stream].Type.Bytes() }

func (s *memSink) Reserve(stream, n int) []byte {
	if !s.open || s.reserved[stream] > 0 || n < 1 {
		s.fail("reserve %d of stream %d", n, stream)
	}
	if n > s.most {
		s.refusals++
		return nil
	}
	n *= s.size(stream)
	s.reserved[stream] = n
	return s.lanes[stream][s.have[stream] : s.have[stream]+n]
}

func (s *memSink) Push(stream int, p []byte) {
	if !s.open || s.now.count[stream] > 0 || len(p) == 0 || len(p)%s.size(stream) != 0 {
		s.fail("push of %d bytes to stream %d", len(p), stream)
	}
	s.reserved[stream] = 0
	copy(s.lanes[stream][s.have[stream]:], p)
	s.have[stream] += len(p)
	s.now.count[stream] = len(p) / s.size(stream)
}

func (s *memSink) OverRange(stream int, mask uint32) { s.now.over[stream] |= mask }
func (s *memSink) Lost(int, int64, driver.Cause)     { s.fail("a loss in a block mode") }
func (s *memSink) Mark(m driver.Mark)                { s.now.marks = append(s.now.marks, m) }
func (s *memSink) Progress()                         { s.mu.Lock(); s.progress++; s.mu.Unlock() }
func (s *memSink) Finish(failure *driver.Error) error {
	s.finished = append(s.finished, failure)
	return nil
}

func (s *memSink) Commit() error {
	if !s.open {
		s.fail("commit without begin")
	}
	s.open = false
	clear(s.reserved)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != nil {
		return s.closed
	}
	if len(s.now.marks) > 0 || slices.Max(s.now.count) > 0 {
		s.batches = append(s.batches, s.now)
	}
	return nil
}

// seen is how many calls of Progress there were, and batches.
func (s *memSink) seen() (progress, batches int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.progress, len(s.batches)
}

func (s *memSink) WaitRoom(ctx context.Context, n int) error {
	s.mu.Lock()
	full, slow, refusal := s.full, s.slow, s.refusal
	s.asked = max(s.asked, n)
	s.mu.Unlock()
	if refusal != nil {
		return refusal
	}
	if full {
		<-ctx.Done()
		return ctx.Err()
	}
	return pause(ctx, slow)
}

// errSilent is the answer of a unit that does not tell of its triggers.
var errSilent = picosdk.Err("fakeGetTriggerInfo", picosdk.StatusNotSupported)
