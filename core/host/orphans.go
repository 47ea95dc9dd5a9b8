package host

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Orphan is a plugin whose host has died: it lives on for its orphan time, and holds its units as long.
type Orphan struct {
	Driver string
	Device string // its name in the plan of the run that was cut off; empty: none
	PID    int
	Units  []string      // serial numbers of the units that it has open; empty: not known
	Wait   time.Duration // how long it goes on without a host, from the death of its host on
}

const (
	orphanPoll  = 20 * time.Millisecond
	orphanGrace = 3 * time.Second // for closing its units, behind its orphan time
	// longestAwait bounds the wait: a plan may let plugins wait for hours to be taken over.
	longestAwait = 15 * time.Second
)

// Wanted is a unit that somebody wants to open.
type Wanted struct {
	Driver string // its plugin's name
	Serial string // empty: any
}

// MayHold tells whether the unit that is wanted may be one that the plugin has open, as far as is known.
func (o Orphan) MayHold(w Wanted) bool {
	if o.Driver != w.Driver {
		return false
	}
	return w.Serial == "" || len(o.Units) == 0 || slices.ContainsFunc(o.Units, func(s string) bool { return strings.EqualFold(s, w.Serial) })
}

// Holders lists those of [Host.Orphans] that may hold one of the units.
func (h *Host) Holders(units []Wanted) []Orphan {
	var drivers []string
	for _, w := range units {
		drivers = append(drivers, w.Driver)
	}
	return slices.DeleteFunc(h.Orphans(drivers), func(o Orphan) bool { return !slices.ContainsFunc(units, o.MayHold) })
}

// Orphans lists the plugins of one of the drivers, by their files' names, that hosts of this user have left behind when
// they died. Those of living hosts are not among them, nor those whose record cannot be read.
func (h *Host) Orphans(drivers []string) []Orphan {
	own := h.statesPath()
	found, err := filepath.Glob(filepath.Join(filepath.Dir(own), statePattern))
	if err != nil {
		return nil
	}
	var list []Orphan
	for _, dir := range found {
		info, err := os.Lstat(dir)
		if dir == own || err != nil || !info.IsDir() || !ownedByUs(info) {
			continue
		}
		// Most folders have none: no lock is asked for that another host might want.
		if left := orphansIn(dir, drivers); len(left) > 0 && !isLocked(filepath.Join(dir, lockName)) {
			list = append(list, left...)
		}
	}
	return list
}

// orphansIn lists the plugins on record in a state folder that run. Where the system cannot tell, there are none.
func orphansIn(dir string, drivers []string) []Orphan {
	records, err := filepath.Glob(filepath.Join(dir, "*", recordFile))
	if err != nil {
		return nil
	}
	var list []Orphan
	for _, path := range records {
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		var r Record
		if json.Unmarshal(b, &r) == nil && slices.Contains(drivers, r.Driver) && r.BootID != "" && r.alive() {
			list = append(list, Orphan{Driver: r.Driver, Device: r.Device, PID: r.PID, Units: r.Units, Wait: max(time.Duration(r.OrphanNS), 0)})
		}
	}
	return list
}

// AwaitHolders waits until the plugins that [Host.Holders] lists have ended, at most for the longest of their orphan
// times and 3 s. before is called once, with those that it waits for, and not when there are none. It returns those that
// still run; the error is the context's.
func (h *Host) AwaitHolders(ctx context.Context, units []Wanted, before func([]Orphan)) ([]Orphan, error) {
	left := h.Holders(units)
	if len(left) == 0 {
		return nil, nil
	}
	longest := time.Duration(0)
	for _, o := range left {
		longest = max(longest, o.Wait)
	}
	before(left)
	end := time.NewTimer(min(longest+orphanGrace, longestAwait))
	defer end.Stop()
	tick := time.NewTicker(orphanPoll)
	defer tick.Stop()
	for len(left) > 0 {
		select {
		case <-ctx.Done():
			return left, ctx.Err()
		case <-end.C:
			return left, nil
		case <-tick.C:
			left = h.Holders(units)
		}
	}
	return nil, nil
}
