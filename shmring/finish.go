package shmring

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// maxWait bounds one sleep: whatever goes wrong with a wake-up costs no more.
const maxWait = 100 * time.Millisecond

// Room is the number of samples that fit the lane now, beyond what the open batch has.
func (p *Producer) Room(lane int) int {
	if p.mem == nil {
		return 0
	}
	l := &p.lanes[lane]
	l.r = l.raw.rPos.Load()
	return int(l.room() / l.size)
}

// WaitRoom blocks until samples[i] samples fit lane i (missing entries are 0) and the largest batch fits the queue, so that the next batch
// is not dropped. Block modes need it, and producers that make samples as fast as they are drained. Waiting counts as progress. It ends with
// [*StateError] when the core is no longer ready, with ctx.Err() (seen within 100 ms), and with [ErrTooLarge] where it would wait for ever.
func (p *Producer) WaitRoom(ctx context.Context, samples ...int) error {
	if p.done {
		return ErrClosed
	}
	if len(samples) > len(p.lanes) {
		return fmt.Errorf("%w: room asked for %d lanes of %d", ErrMisuse, len(samples), len(p.lanes))
	}
	for i, n := range samples {
		if l := &p.lanes[i]; n < 0 || uint64(n) > (l.capacity-l.staged)/l.size {
			return fmt.Errorf("lane %d: %d samples: %w", i, n, ErrTooLarge)
		}
	}
	h := p.hdr
	for {
		bell := h.roomBell.Load()
		if p.roomFor(samples) {
			return nil
		}
		h.producerWaiting.Store(1)
		if p.roomFor(samples) {
			h.producerWaiting.Store(0)
			return nil
		}
		if err := p.mayWait(ctx); err != nil {
			h.producerWaiting.Store(0)
			return err
		}
		p.ring() // the consumer may sleep below its watermark
		waitWord(&h.roomBell, bell, maxWait)
		p.hdr.progressNS.Store(uint64(MonoNow()))
	}
}

func (p *Producer) mayWait(ctx context.Context) error {
	if s, reason := p.State(); s != CoreReady {
		return &StateError{State: s, Reason: reason}
	}
	return ctx.Err()
}

func (p *Producer) roomFor(samples []int) bool {
	for i, n := range samples {
		if l := &p.lanes[i]; !l.has(uint64(n) * l.size) {
			return false
		}
	}
	return p.hasDescs(uint64(maxBatch(len(p.lanes))) + p.reserve)
}

// DeviceError is a failure of the device as [Producer.Finish] writes it down.
type DeviceError struct {
	Class  uint32 // as in an ERROR descriptor
	Status uint32 // the vendor's status
}

func (e *DeviceError) Error() string {
	return fmt.Sprintf("device failed (class %d, status %#x)", e.Class, e.Status)
}

// Finish commits what is open and then the last batch: GAPs that wait, the error if there is one, and the end of the stream. Everything that
// cannot be committed any more is counted as lost. Nothing can be pushed afterwards. A [*DeviceError] within err gives class and status of
// the ERROR descriptor, any other error class 0. There is always room for the last batch; [ErrNoRoom] would be a broken core. Finish does
// not unmap: call Close.
func (p *Producer) Finish(err error) error {
	if p.done {
		return ErrClosed
	}
	if err != nil {
		p.markFailure(err)
	}
	if p.open {
		if errors.Is(p.Commit(), ErrNoRoom) {
			p.drop()
		}
	}
	p.done = true
	p.tMono = MonoNow()
	if !p.writeLast() {
		return fmt.Errorf("write the last batch: %w", ErrNoRoom)
	}
	state := ProducerFinished
	if err != nil {
		state = ProducerFailed
	}
	p.hdr.producerState.Store(uint32(state))
	p.hdr.progressNS.Store(uint64(MonoNow()))
	p.ring()
	return nil
}

func (p *Producer) markFailure(err error) {
	f := &DeviceError{}
	errors.As(err, &f)
	p.hdr.failStatus.Store(f.Status)
	// Written with the last batch: the stream ends with its reason.
	p.marks.failure.set = false
	p.lastError = Desc{Type: DescError, Flags: FlagUrgent, Lane: AllLanes, Code: f.Class, Status: f.Status, Waveform: p.marks.current()}
}

// writeLast uses the reserve that every batch before left free.
func (p *Producer) writeLast() bool {
	need := uint64(p.marks.nTrigger + 1)
	for i := range p.lanes {
		need += uint64(p.lanes[i].gaps.n)
	}
	m := &p.marks
	if m.failure.set && p.lastError.Type == 0 {
		p.lastError = m.failure.d
	}
	if p.lastError.Type != 0 {
		need++
	}
	if !p.hasDescs(need) {
		return false
	}
	p.raiseDescs(need)
	w := batchWriter{p: p, at: p.dWrite}
	for i := range p.lanes {
		w.addGaps(i)
	}
	w.addTriggers()
	if p.lastError.Type != 0 {
		w.add(p.lastError)
	}
	w.add(Desc{Type: DescEOS, Flags: FlagUrgent, Lane: AllLanes})
	w.commit()
	return true
}
