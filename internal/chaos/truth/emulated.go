package truth

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/scopelog/scopelog/emulator"
)

// Emulated reads what an emulated unit has written. ppm is by how much its clock is fast. The runs are those of streaming; in block modes
// each arming counts as one.
func Emulated(rig *emulator.Rig, serial string, ppm float64) (*Unit, error) {
	events, err := rig.Truth(serial)
	if err != nil {
		return nil, err
	}
	u := &Unit{Serial: serial, Rough: 2}
	for _, e := range events {
		if err := u.take(e, ppm); err != nil {
			return nil, fmt.Errorf("truth log of %s: %w", serial, err)
		}
	}
	return u, u.unfinished(rig)
}

// numbers reads fields of an event.
func numbers(e emulator.Event, keys ...string) ([]int64, error) {
	list := make([]int64, len(keys))
	for i, k := range keys {
		v, err := e.Uint(k)
		if err != nil {
			return nil, err
		}
		list[i] = int64(v)
	}
	return list, nil
}

func (u *Unit) take(e emulator.Event, ppm float64) error {
	last := func() *Run {
		if len(u.Runs) == 0 {
			return &Run{}
		}
		return &u.Runs[len(u.Runs)-1]
	}
	switch e.Name {
	case "run":
		n, err := numbers(e, "start_ns", "counter", "interval_fs")
		if err != nil {
			return err
		}
		u.IntervalNS = float64(n[2]) / 1e6 / (1 + ppm*1e-6)
		u.Runs = append(u.Runs, Run{PID: e.PID, StartNS: n[0], Counter: n[1], Handed: -1})
	case "stopped", "run-cut":
		n, err := numbers(e, "delivered", "dropped", "counter")
		if err != nil {
			return err
		}
		if r := last(); r.Counter == n[2] {
			r.Handed, r.Lost, r.Sure = n[0]+n[1], n[1], true
		}
	case "waveform":
		if len(u.Runs) == 0 {
			u.Runs = append(u.Runs, Run{PID: e.PID})
		}
		last().Waveforms++
	case "block":
		n, err := numbers(e, "completed")
		if err != nil {
			return err
		}
		u.Arming = max(u.Arming, n[0])
	}
	return nil
}

// unfinished looks at the counters for a run whose end nobody wrote: its process died, and the unit was not opened since.
func (u *Unit) unfinished(rig *emulator.Rig) error {
	c, err := rig.Counters(u.Serial)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(u.Runs) == 0 || !c.Running {
		return nil
	}
	if r := &u.Runs[len(u.Runs)-1]; r.Handed < 0 && int64(c.RunCounter) == r.Counter {
		r.Handed, r.Lost, r.Sure = int64(c.RunDelivered+c.RunDropped), int64(c.RunDropped), true
	}
	return nil
}
