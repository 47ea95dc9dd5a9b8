//go:build linux && cgo

package loop

// #include "loop.h"
import "C"

import (
	"sync/atomic"
	"time"
	"unsafe"
)

func load(p *C.uint64_t) uint64 { return atomic.LoadUint64((*uint64)(unsafe.Pointer(p))) }

// Counters returns a copy of what was counted so far, also after Close.
func (l *Loop) Counters() Counters {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.c == nil {
		return l.final.clone()
	}
	return l.counters()
}

// triggerOf reads what was seen of the trigger.
func triggerOf(n *C.struct_loop_counters) TriggerState {
	s := TriggerState{Strays: load(&n.strays)}
	if how := load(&n.triggered); how != 0 { // stored last
		s.Seen, s.Auto, s.First, s.Last = true, how == 2, load(&n.trigger_first), load(&n.trigger_last)
	}
	return s
}

// counters needs mu.
func (l *Loop) counters() Counters {
	n := &l.c.n
	c := Counters{
		Polls: load(&n.polls), Empty: load(&n.empty), Busy: load(&n.busy), Waiting: load(&n.waiting), Deliveries: load(&n.deliveries),
		Samples: load(&n.samples), Batches: load(&n.batches), Dropped: load(&n.dropped), Jumps: load(&n.jumps), Uneven: load(&n.uneven),
		Stalls: load(&n.stalls), LargestDelivery: load(&n.largest_delivery),
		LargestPollGap: time.Duration(load(&n.largest_gap_ns)), LongestPoll: time.Duration(load(&n.longest_poll_ns)),
	}
	c.Cut, c.Trigger = load(&n.cut), triggerOf(n)
	if since := load(&n.waiting_since_ns); since != 0 && !l.thread {
		c.WaitingFor = max(time.Duration(uint64(C.loop_now())-since), 0)
	}
	for i, input := range l.inputs {
		if input < 0 {
			c.Clipped[len(c.Clipped)-1] += load(&n.clipped[i])
			continue
		}
		c.Inputs = append(c.Inputs, load(&n.input[i]))
		c.Clipped = append(c.Clipped, load(&n.clipped[i]))
		c.Suspicious = append(c.Suspicious, load(&n.suspicious[i]))
		c.OverRange = append(c.OverRange, load(&n.over[i]))
	}
	for i := range l.c.c.streams {
		c.Lost = append(c.Lost, load(&n.lost[i]))
	}
	for i := range c.Delivery {
		c.Delivery[i] = load(&n.bucket[i])
	}
	return c
}
