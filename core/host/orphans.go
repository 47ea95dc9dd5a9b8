package host

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Orphan is a plugin whose host has died: it lives on for its orphan time, and holds its units as long.
type Orphan struct {
	Driver string
	Device string // its name in the plan of the run that was cut off; empty: none
	PID    int
	Wait   time.Duration // how long it goes on without a host, from the death of its host on
}

const (
	orphanPoll  = 20 * time.Millisecond
	orphanGrace = 3 * time.Second // for closing its units, behind its orphan time
	// longestAwait bounds the wait: a plan may let plugins wait for hours to be taken over.
	longestAwait = 15 * time.Second
)

// Orphans lists the plugins of one of the drivers, by their files' names, that hosts of this user have left behind when
// they died. Those of living hosts are not among them, nor those whose record cannot be read.
func (h *Host) Orphans(drivers []string) []Orphan {
	found, err := filepath.Glob(filepath.Join(filepath.Dir(h.statePath), statePattern))
	if err != nil {
		return nil
	}
	var list []Orphan
	for _, dir := range found {
		info, err := os.Lstat(dir)
		if dir == h.statePath || err != nil || !info.IsDir() || !ownedByUs(info) {
			continue
		}
		left := orphansIn(dir, drivers)
		if len(left) == 0 {
			continue // most folders: no lock is taken that another host might ask for
		}
		lock, err := takeLock(filepath.Join(dir, lockName), false)
		if err != nil {
			continue // its host lives
		}
		_ = lock.Close()
		list = append(list, left...)
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
			list = append(list, Orphan{Driver: r.Driver, Device: r.Device, PID: r.PID, Wait: max(time.Duration(r.OrphanNS), 0)})
		}
	}
	return list
}

// AwaitOrphans waits until the plugins that [Host.Orphans] lists have ended, at most for the longest of their orphan
// times and 3 s. before is called once, with those that it waits for, and not when there are none. It returns those that
// still run; the error is the context's.
func (h *Host) AwaitOrphans(ctx context.Context, drivers []string, before func([]Orphan)) ([]Orphan, error) {
	left := h.Orphans(drivers)
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
			left = h.Orphans(drivers)
		}
	}
	return nil, nil
}
