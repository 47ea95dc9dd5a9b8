package session

import (
	"encoding/json"
	"time"

	"github.com/scopelog/scopelog/core/events"
	"github.com/scopelog/scopelog/driver"
)

type driverConfig = driver.Config

// keptState is what a session knows of a device beyond what it records. It stands in the journal, for the session that adopts the device.
type keptState struct {
	Restarts int           `json:"restarts,omitempty"`
	Away     time.Duration `json:"away_ns,omitempty"`
	Inside   int64         `json:"inside,omitempty"`
	ArmedNS  int64         `json:"armed_ns,omitempty"`
	FiredNS  int64         `json:"fired_ns,omitempty"`
	Orders   ordersState   `json:"orders,omitzero"`
	Changes  changesState  `json:"changes,omitzero"`
	Looks    []lookState   `json:"looks,omitempty"`
	// Events were found and may not be durable, by the name of their block.
	Events map[string][]recentHit `json:"events,omitempty"`
}

// ordersState is an orders.
type ordersState struct {
	Before int64 `json:"before,omitempty"`
	Taken  int64 `json:"taken,omitempty"`
	LastNS int64 `json:"last_ns,omitempty"`
}

// changesState is a changes.
type changesState struct {
	Next int `json:"next,omitempty"`
	Made int `json:"made,omitempty"`
}

// lookState is a look.
type lookState struct {
	Epoch int `json:"epoch"`
	events.State
}

// keep returns the device's state. The draining goroutine calls it.
func (d *device) keep() json.RawMessage {
	s := keptState{ArmedNS: d.armedNS.Load(), FiredNS: d.firedNS.Load(), Orders: d.orders.state(), Changes: d.changes.state()}
	d.mu.Lock()
	s.Restarts, s.Away, s.Inside = d.restarts, d.away, d.inside
	d.mu.Unlock()
	if d.watcher != nil {
		s.Looks, s.Events = d.watcher.state(), d.recentEvents()
	}
	b, err := json.Marshal(s)
	if err != nil {
		d.s.log.Warn("the device's state is not kept", "device", d.name, "error", err)
	}
	return b
}

// restore lets a device that was adopted go on as it was. Nothing of it runs yet.
func (d *device) restore(s *keptState) {
	d.restarts, d.away, d.inside = s.Restarts, s.Away, s.Inside
	d.armedNS.Store(s.ArmedNS)
	d.firedNS.Store(s.FiredNS)
	d.orders.begin(d.unit, d.recorder.Stats().WavesEnded)
	d.orders.restore(s.Orders)
	d.changes.restore(s.Changes)
	if d.watcher != nil {
		d.watcher.restore(s.Looks)
	}
}

func (o *orders) state() ordersState {
	o.mu.Lock()
	defer o.mu.Unlock()
	return ordersState{o.before, o.taken, o.lastNS}
}

func (o *orders) restore(s ordersState) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.before, o.taken, o.lastNS = s.Before, s.Taken, s.LastNS
}

func (c *changes) state() changesState {
	c.mu.Lock()
	defer c.mu.Unlock()
	return changesState{c.next, c.made}
}

func (c *changes) restore(s changesState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.Next < 0 || s.Next > len(c.list) {
		return
	}
	if c.next, c.made = s.Next, s.Made; c.made > 0 && c.next > 0 {
		c.last = c.list[c.next-1].Driver()
	}
}

// state returns where all that is looked for stands. The draining goroutine calls it.
func (w *deviceWatch) state() []lookState {
	list := make([]lookState, len(w.looks))
	for i, l := range w.looks {
		list[i] = lookState{l.epoch, l.detector.State()}
	}
	return list
}

func (w *deviceWatch) restore(list []lookState) {
	if len(list) != len(w.looks) {
		return
	}
	for i, l := range w.looks {
		l.epoch = list[i].Epoch
		l.detector.GoOn(list[i].State)
	}
}
