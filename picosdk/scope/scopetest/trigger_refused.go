package scopetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// TriggerCalls are the vendor's functions, without the family's name, that are called for triggers on a unit.
type TriggerCalls struct {
	Clear  []string // to take a trigger away, which is done before every other
	Simple []string // for a simple one, behind those that clear
	All    []string // for one that uses everything that the unit has, behind those that clear
}

// TriggerOrder finds out which functions are called for triggers, from what the library has seen.
func TriggerOrder(t *testing.T, f scope.Family, libraries string, u Unit) (c TriggerCalls) {
	t.Helper()
	k := newTriggers(t, f, libraries, u)
	d, _, _, _ := k.open(t, "channel A = dc")
	before := len(d.triggerLog())
	taken := func(call error) []string {
		if call != nil {
			t.Fatal(call)
		}
		log := d.triggerLog()
		calls := log[before:]
		before = len(log)
		for i := range calls {
			calls[i] = strings.TrimPrefix(calls[i], f.Name)
		}
		return calls
	}
	trigger := d.Unit.(scope.Triggerer)
	c.Clear = taken(trigger.ClearTrigger())
	c.Simple = taken(trigger.SetTrigger(k.level(driver.DirectionRising, 5, 0)))[len(c.Clear):]
	c.All = taken(trigger.SetTrigger(k.everything()))[len(c.Clear):]
	return c
}

// refused lets every call of a trigger be refused in turn, after it has done its work. Nothing may stay armed, not even the trigger
// from before.
func (k triggers) refused(t *testing.T) {
	before, plan := k.level(driver.DirectionRising, 5, 0), k.everything()
	d, _, _, _ := k.open(t, "channel A = dc")
	trigger := d.Unit.(scope.Triggerer)
	var ends []int
	for _, step := range []func() error{func() error { return trigger.SetTrigger(before) }, func() error { return trigger.SetTrigger(plan) }, trigger.ClearTrigger} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, len(d.triggerLog()))
	}
	log := d.triggerLog()
	d.Close()
	first := ends[0] + ends[2] - ends[1] // behind the calls that clear
	for at := first; at < ends[1]; at++ {
		number := 0
		for _, call := range log[:at+1] {
			if call == log[at] {
				number++
			}
		}
		d, u, _, timebase := k.open(t, fmt.Sprintf("channel A = dc; fault = status value=0x0000000D when=after function=%s call=%d", log[at], number))
		trigger := d.Unit.(scope.Triggerer)
		if err := trigger.SetTrigger(before); err != nil {
			t.Fatal(err)
		}
		if err := trigger.SetTrigger(plan); statusOf(err) != picosdk.StatusInvalidParameter || !strings.Contains(err.Error(), log[at]) {
			t.Fatalf("call %d, %s, is refused: %v", at-first, log[at], err)
		}
		d.run(u, triggerPre, triggerPost, timebase, 0) // a trigger would be waited for in vain
		d.Close()
	}
}

// triggerLog lists the calls that set triggers, as the library has seen them.
func (d *Direct) triggerLog() (calls []string) {
	d.t.Helper()
	events, err := d.Rig.Truth(d.Serial)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, e := range events {
		f := e.Fields["function"]
		for _, part := range []string{"Trigger", "PulseWidth", "AuxIo"} {
			if e.Name == "call" && strings.Contains(f, "Set") && strings.Contains(f, part) {
				calls = append(calls, f)
				break
			}
		}
	}
	return calls
}
