package shmring

import (
	"fmt"
	"time"
)

const (
	pollDescs        = 512     // descriptors after which Poll hands out what it has
	defaultWatermark = 1 << 20 // bytes that wait before the consumer is woken
	restAfterNothing = time.Millisecond
	wholeLane        = 1 << 16 // unit of unrung
)

// Consumer reads a ring: the recorder. One goroutine uses it; only [Consumer.Wake] may be called from others. It trusts nothing that the
// producer wrote: every descriptor is copied, checked and only then handed out, and a violation ends this ring with a [*FaultError]. Seals and
// allocated blocks make a memory fault impossible; a careful caller still runs under [runtime/debug.SetPanicOnFault], so that one would end
// one device and not the process.
//
// The loop is
//
//	for {
//		descs, err := c.Poll()
//		for _, d := range descs {
//			// DATA: write c.Data(...), then c.ReleaseData(...)
//		}
//		// facts in the journal: c.ReleaseDesc(...)
//		if len(descs) == 0 { c.Wait(0) }
//	}
type Consumer struct {
	ring *Ring
	mem  *memory
	hdr  *rawHeader

	lanes     []consLane
	descCount uint64
	batchMax  int
	buf       []Desc

	next     uint64 // descriptor to read next: all before it were handed out
	dRead    uint64 // as stored in the ring
	dDurable uint64 // likewise
	dSeen    uint64 // commit cursor of the last pass
	seq      uint32 // doorbell of the last pass
	total    uint64 // bytes handed out
	unrung   uint64 // room given back since the producer was last looked after, as parts of a lane in 1/65536
	mark     uint64 // watermark in bytes
	more     bool   // the last pass stopped at its limit
	idle     bool   // the last pass found nothing although it was called
	eos      bool
	waveOpen bool
	waveform uint32
	fault    *FaultError
	batch    batchState
	scratch  [DescStride]byte
}

// consLane is what the consumer knows of a lane.
type consLane struct {
	raw      *rawLane
	mem      []byte
	capacity uint64
	size     uint64
	limit    uint64 // highest epoch index: its raw index fits an int64 too
	rPos     uint64 // as stored in the ring, bytes

	laneState           // as of the last complete batch
	tentative laneState // while a batch is being checked
}

// laneState is the account of one lane.
type laneState struct {
	pos   uint64 // bytes
	first uint64 // epoch index of the next sample
	gaps  uint64 // samples in all GAPs that have a count

	batchGaps int  // of the batch being checked
	batchData bool // likewise
}

// NewConsumer returns the consumer of a ring that this process created. There may be one per ring; it has to be out of use before the ring is
// closed.
func NewConsumer(r *Ring) *Consumer {
	m := r.mem
	c := &Consumer{ring: r, mem: m, hdr: m.header(), descCount: uint64(m.geo.spec.DescCount), batchMax: maxBatch(m.laneCount())}
	c.next = m.geo.spec.StartDesc
	c.dRead, c.dDurable, c.dSeen = c.next, c.next, c.next
	capacity := uint64(0)
	for i, s := range m.geo.spec.Lanes {
		capacity += s.Capacity
		c.lanes = append(c.lanes, consLane{
			raw: m.lane(i), mem: m.lanes[i], capacity: s.Capacity, size: uint64(s.SampleType.Bytes()), limit: maxEpoch / uint64(s.Ratio), rPos: s.StartPos,
			laneState: laneState{pos: s.StartPos},
		})
	}
	c.mark = min(defaultWatermark, capacity/4)
	c.buf = make([]Desc, 0, pollDescs+c.batchMax)
	return c
}

// SetWatermark sets how many bytes (of all lanes together) have to wait before the producer wakes the consumer ahead of its time-out. The
// start is 1 MiB, or a quarter of the lanes where they are small.
func (c *Consumer) SetWatermark(bytes uint64) { c.mark = max(bytes, 1) }

// LookLane is how many bytes of the lane are committed and not released now, its capacity, and how many samples the producer has counted as lost of which Poll has not handed out
// the GAP: for who waits for something else and does not poll. It is the producer's word, within what can be, and good for figures only.
func (c *Consumer) LookLane(lane int) (used, capacity, lost uint64) {
	l := &c.lanes[lane]
	used = min(uint64(max(int64(l.raw.wPos.Load()-l.rPos), 0)), l.capacity)
	if lost = l.raw.lost.Load() - l.gaps; lost > l.limit-l.first { // also where the count fell
		lost = 0
	}
	return used, l.capacity, lost
}

// LookDesc is [Consumer.DescFill] as of now, as LookLane is.
func (c *Consumer) LookDesc() (used, total uint64) {
	return min(uint64(max(int64(c.hdr.dWrite.Load()-c.dRead), 0)), c.descCount), c.descCount
}

// Poll hands out the descriptors of the batches committed since the last call, in order, at most some hundred at once. None means that
// nothing is there now: call Wait. The slice is good until the next Poll and costs no allocation. A [*FaultError] is final; all that was
// handed out before it is good.
func (c *Consumer) Poll() ([]Desc, error) {
	if c.fault != nil {
		return nil, c.fault
	}
	c.wakeProducer()
	seq := c.hdr.doorbell.Load()
	d := c.hdr.dWrite.Load()
	if int64(d-c.dSeen) < 0 || d-c.dRead > c.descCount {
		return nil, c.fail(FaultCursor, -1)
	}
	c.buf = c.buf[:0]
	err := c.scan(d)
	c.idle = len(c.buf) == 0 && (seq != c.seq || d != c.dSeen)
	c.seq, c.dSeen = seq, d
	if err != nil && len(c.buf) == 0 {
		return nil, err
	}
	return c.buf, nil // an error comes again with the next call
}

// scan checks batch after batch up to the commit cursor and keeps the complete ones in buf.
func (c *Consumer) scan(d uint64) error {
	c.more = false
	for c.next != d {
		if len(c.buf) >= pollDescs {
			c.more = true
			return nil
		}
		whole := len(c.buf)
		complete, err := c.scanBatch(d)
		if err != nil || !complete {
			c.buf = c.buf[:whole]
			return err
		}
	}
	return nil
}

// scanBatch checks one batch. It is taken over only when its end was found before d.
func (c *Consumer) scanBatch(d uint64) (complete bool, err error) {
	c.beginBatch()
	for i := c.next; i != d; {
		if i-c.next >= uint64(c.batchMax) {
			return false, c.fail(FaultBatch, -1)
		}
		var desc Desc
		if !desc.get(c.mem.desc(i), &c.scratch) {
			return false, c.failAt(i, FaultCRC, -1)
		}
		if reason, lane := c.check(&desc, i); reason != 0 {
			return false, c.failAt(i, reason, lane)
		}
		c.buf = append(c.buf, desc)
		i++
		if desc.Flags&FlagBatchEnd != 0 {
			c.next = i
			c.takeBatch()
			return true, nil
		}
	}
	return false, nil
}

func (c *Consumer) fail(reason FaultReason, lane int) error { return c.failAt(c.next, reason, lane) }

// failAt ends the ring. The state is stored at once, so that the producer stops.
func (c *Consumer) failAt(index uint64, reason FaultReason, lane int) error {
	c.fault = &FaultError{Reason: reason, Index: index, Lane: lane}
	setState(c.hdr, CoreFault, uint32(reason))
	return c.fault
}

// Data is the lane's memory for count samples from posSamples on (a descriptor's Pos and Count), contiguous also across the end of the ring.
// It is leased: good until ReleaseData passes it, not to be written, not to be kept. Nil if the range is not between what was released and
// what was handed out.
func (c *Consumer) Data(lane int, posSamples uint64, count uint32) []byte {
	if lane < 0 || lane >= len(c.lanes) {
		return nil
	}
	l := &c.lanes[lane]
	from, n := posSamples*l.size, uint64(count)*l.size
	held := l.pos - l.rPos
	if int64(held) < 0 || from-l.rPos > held || n > held-(from-l.rPos) { // below 0: an adopted ring that has not come so far yet
		return nil
	}
	at := from % l.capacity
	return l.mem[at : at+n : at+n]
}

// ReleaseData gives the lane's memory before endPosSamples back to the producer and wakes it if it waits for that (at the latest with the
// next Poll or Wait). Call it only when the samples are written. [ErrNotLeased] if the position was not handed out; an older position than before changes nothing.
func (c *Consumer) ReleaseData(lane int, endPosSamples uint64) error {
	if lane < 0 || lane >= len(c.lanes) {
		return fmt.Errorf("release lane %d of %d: %w", lane, len(c.lanes), ErrNotLeased)
	}
	l := &c.lanes[lane]
	end := endPosSamples * l.size
	if int64(end-l.rPos) <= 0 {
		return nil
	}
	if int64(l.pos-end) < 0 {
		return fmt.Errorf("release lane %d to sample %d: %w", lane, endPosSamples, ErrNotLeased)
	}
	c.unrung += (end - l.rPos) * wholeLane / l.capacity
	l.rPos = end
	l.raw.rPos.Store(end)
	if c.unrung >= wholeLane/8 {
		c.wakeProducer()
	}
	return nil
}

// ReleaseDesc gives the descriptors before index back: their samples are written and their facts are in the journal, so that the ring can be
// adopted from there. [ErrNotLeased] if the index was not handed out; an older index than before changes nothing.
func (c *Consumer) ReleaseDesc(index uint64) error {
	if int64(c.next-index) < 0 {
		return fmt.Errorf("release descriptors to %d: %w", index, ErrNotLeased)
	}
	if int64(index-c.dDurable) > 0 {
		c.dDurable = index
		c.hdr.dDurable.Store(index)
	}
	return c.ReleaseDescEarly(index)
}

// ReleaseDescEarly gives the descriptors before index back although their facts are not in the journal yet. It is for the one case that a
// sync hangs and the queue is three quarters full: better than to lose samples, but until ReleaseDesc has caught up the ring cannot be
// adopted. Errors as for [Consumer.ReleaseDesc].
func (c *Consumer) ReleaseDescEarly(index uint64) error {
	if int64(c.next-index) < 0 {
		return fmt.Errorf("release descriptors to %d: %w", index, ErrNotLeased)
	}
	if int64(index-c.dRead) <= 0 {
		return nil
	}
	c.dRead = index
	c.hdr.dRead.Store(index)
	c.wakeProducer()
	return nil
}

// wakeProducer follows a store of a read cursor; both are atomic, so nothing has to order them. It comes when an eighth of a lane was given
// back, and at the latest with the next Poll or Wait: after every little piece of room both sides would take turns to sleep
// (docs/decisions/0020-room-bell-gathered.md). The flag is cleared before the bell: the other order could wipe out the producer's next flag.
func (c *Consumer) wakeProducer() {
	c.unrung = 0
	if c.hdr.producerWaiting.Load() == 0 {
		return
	}
	c.hdr.producerWaiting.Store(0)
	c.hdr.roomBell.Add(1)
	wakeWord(&c.hdr.roomBell)
}

// Wait blocks until a pass is worth while: the watermark is reached, something urgent came, Wake was called, or the timeout is over (0 or
// more than 100 ms = 100 ms). It returns at once if Poll left something. After a pass that was called for nothing it rests for a
// millisecond, so that a mad producer cannot make it spin. Follow it by Poll.
func (c *Consumer) Wait(timeout time.Duration) {
	if c.more || c.fault != nil {
		return
	}
	c.wakeProducer()
	if timeout <= 0 || timeout > maxWait {
		timeout = maxWait
	}
	if c.idle {
		time.Sleep(min(restAfterNothing, timeout))
	}
	h := c.hdr
	h.wakeAt.Store(c.total + c.mark)
	h.waiting.Store(1)
	if h.dWrite.Load() == c.dSeen {
		waitWord(&h.doorbell, c.seq, timeout)
	}
	h.waiting.Store(0)
}

// Wake ends a Wait of another goroutine soon (at worst after its timeout): the sync it asked for is done. Any goroutine may call it.
func (c *Consumer) Wake() {
	c.ring.use(func(h *rawHeader) { wakeWord(&h.doorbell) })
}
