package main

import (
	"sync"
	"sync/atomic"
)

// command is what a host orders while an acquisition is running.
type command struct {
	set       bool // the generator, nil: off
	generator *generator
	fire      bool // the trigger
	arm       bool // the unit
}

// orders are commands that wait for the acquisition's goroutine.
type orders struct {
	waiting atomic.Bool
	ordered atomic.Bool // an arming was ordered that is not carried out yet
	mu      sync.Mutex
	list    []command
}

// command hands an order to the acquisition.
func (a *acquisition) command(c command) {
	a.orders.mu.Lock()
	defer a.orders.mu.Unlock()
	a.orders.list = append(a.orders.list, c)
	a.orders.waiting.Store(true)
}

// obey carries out what was ordered, from the sample on that is looked at next.
func (a *acquisition) obey() {
	if !a.orders.waiting.Load() {
		return
	}
	a.orders.mu.Lock()
	list := a.orders.list
	a.orders.list = nil
	a.orders.waiting.Store(false)
	a.orders.mu.Unlock()
	for _, c := range list {
		if c.set {
			a.setGenerator(c.generator)
		}
		if c.arm {
			a.watch.armed = true
		}
		if c.fire {
			a.watch.fire = a.set.trigger != nil
			a.startGenerator(sourceSoftware, a.watch.seen)
		}
	}
}
