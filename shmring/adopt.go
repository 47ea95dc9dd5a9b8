package shmring

import (
	"fmt"
	"os"
	"reflect"
	"slices"
)

// Adopt takes over, in f, the ring of a producer that lives on although the core that made the ring has died. want is that core's record of the ring:
// nothing that the ring says of itself is believed beyond it. The ring owns f from then on; on an error it stays the caller's. Continue with
// [NewConsumerAt]. Errors: [ErrBadRing] for what is no ring, another ring, or one in whose present state nothing can go on; [ErrNotSupported].
func Adopt(f *os.File, want Spec) (*Ring, error) {
	g, err := readGeometry(f)
	if err != nil {
		return nil, err
	}
	if err := sameGeometry(g, want); err != nil {
		return nil, err
	}
	m, err := mapRing(f, g, accessCore)
	if err != nil {
		return nil, err
	}
	r := &Ring{file: f, mem: m}
	if err := r.takeOver(); err != nil {
		_ = m.close()
		return nil, err
	}
	return r, nil
}

// sameGeometry compares what a ring says of itself with what it was made from.
func sameGeometry(g geometry, want Spec) error {
	w, err := layOut(want)
	if err != nil {
		return err
	}
	w.spec.StartDesc = g.spec.StartDesc // the tables do not hold it
	if g.ringBytes != w.ringBytes || g.descOff != w.descOff || !slices.Equal(g.dataOff, w.dataOff) || !reflect.DeepEqual(g.spec, w.spec) {
		return fmt.Errorf("%w: its header and lanes are not those that it was made with", ErrBadRing)
	}
	return nil
}

// takeOver makes this process the ring's core.
func (r *Ring) takeOver() error {
	h := r.mem.header()
	if s := CoreState(h.coreState.Load()); s != CoreReady && s != CoreDraining {
		return fmt.Errorf("%w: core is %s", ErrBadRing, s)
	}
	if s := ProducerState(h.producerState.Load()); s < ProducerAttached || s > ProducerFailed {
		return fmt.Errorf("%w: %s", ErrBadRing, s)
	}
	self := thisProcess()
	h.corePID, h.coreStart = self.pid, self.start
	h.attachEpoch.Add(1)
	h.waiting.Store(0)
	h.coreAliveNS.Store(uint64(MonoNow()))
	return nil
}

// NewConsumerAt returns the consumer of an adopted ring: it goes on with descriptor from.Desc, at the positions of from, which are what the journal
// vouches for ([Consumer.Account] of the core before, one entry a lane). Samples below [Consumer.Released] are in the files already and may be
// overwritten in the ring: [Consumer.Data] does not hand them out, but their descriptors come again.
//
// It is [ErrBadRing] when the ring cannot go on there: descriptors behind from.Desc were given back already, or a cursor is where it cannot be.
func NewConsumerAt(r *Ring, from Account) (*Consumer, error) {
	c := NewConsumer(r)
	h := c.hdr
	if len(from.Lanes) != len(c.lanes) {
		return nil, fmt.Errorf("%w: %d lanes in the journal, %d in the ring", ErrBadRing, len(from.Lanes), len(c.lanes))
	}
	c.dRead, c.dDurable = h.dRead.Load(), from.Desc
	written := h.dWrite.Load()
	switch {
	case int64(from.Desc-c.dRead) < 0:
		return nil, fmt.Errorf("%w: descriptors up to %d were given back, and the journal tells of those before %d only", ErrBadRing, c.dRead, from.Desc)
	case written-c.dRead > c.descCount, written-from.Desc > c.descCount:
		return nil, fmt.Errorf("%w: descriptors %d to %d, the journal ends at %d", ErrBadRing, c.dRead, written, from.Desc)
	}
	c.next, c.dSeen, c.eos = from.Desc, from.Desc, from.EOS
	for i := range c.lanes {
		l, at := &c.lanes[i], from.Lanes[i]
		start := r.mem.geo.spec.Lanes[i].StartPos
		pos := at.Pos * l.size
		if at.Pos > maxEpoch/l.size || pos < start || at.FirstSample > l.limit || at.Gaps > at.FirstSample {
			return nil, fmt.Errorf("%w: lane %d: the journal says position %d, epoch index %d", ErrBadRing, i, at.Pos, at.FirstSample)
		}
		l.rPos = l.raw.rPos.Load()
		if l.rPos < pos || l.rPos%l.size != 0 {
			return nil, fmt.Errorf("%w: lane %d: room up to byte %d was given back, the journal ends at %d", ErrBadRing, i, l.rPos, pos)
		}
		l.laneState = laneState{pos: pos, first: at.FirstSample, gaps: at.Gaps}
		c.total += pos - start
	}
	h.producerWaiting.Store(0) // whoever attaches rings: the core before may have died between the flag and the bell
	h.roomBell.Add(1)
	wakeWord(&h.roomBell)
	return c, nil
}

// Released is the position of a lane, in samples, below which room was given back to the producer.
func (c *Consumer) Released(lane int) uint64 { return c.lanes[lane].rPos / c.lanes[lane].size }
