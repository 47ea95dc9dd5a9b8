package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/judge"
	"github.com/scopelog/scopelog/internal/chaos/stage"
)

// patience is how long something is waited for that should come at once: the machine may be busy.
const patience = 60 * time.Second

// victim is the device that is harmed, where one is.
const victim = "victim"

// trial is one try of one kind.
type trial struct {
	ticket
	ctx   context.Context
	env   *environment
	r     *rand.Rand
	place *stage.Place
	plan  stage.Plan
	p     *stage.Process
	tell  func(format string, args ...any) // what happens, for people

	// What should have come of it.
	exit       []int               // exit codes that are right
	causes     map[string][]string // causes that gaps of a device may have
	limit      map[string]int64    // device index at which it ends by itself
	wide       float64             // ns, see judge.Expect
	quick      bool                // it should record again within seconds
	unsure     bool                // the units' own accounts say nothing
	dead       float64             // ns: what a dead process handed over and may be missing; 0: patientNS
	slack      float64             // ns: the same at the end of the run
	unsealed   bool                // the disk takes no seal
	judged     bool                // in spite of that: a copy was repaired
	unverified bool                // some samples cannot be vouched for
	exact      bool                // every gap must be exact
	nothing    bool                // it is judged by whoever carries it out
	atEnd      bool                // the harmed device's process died at the end
	also       []func() []string   // further checks, when all has ended
	cleanup    []func() error

	notices []stage.Notice
	wrong   []string
	losses  []judge.Loss
	recover []float64 // see outcome
	broken  bool
}

// outcome is what came of a trial.
type outcome struct {
	ticket  ticket
	wrong   []string // empty: all as it should be
	losses  []judge.Loss
	recover []float64 // seconds from the detection of a failure to the next sample
	took    time.Duration
	dir     string // kept when something is wrong
	broken  bool   // it was broken off: the time was over before all was done
}

// try carries a trial out in a folder of its own below dir.
func try(ctx context.Context, e *environment, k ticket, dir string, tell func(format string, args ...any)) outcome {
	begin := time.Now()
	o := outcome{ticket: k, dir: filepath.Join(dir, strings.ReplaceAll(k.String(), "/", "-"))}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Minute)
	defer cancel()
	t := &trial{
		ticket: k, ctx: ctx, env: e, r: rand.New(rand.NewPCG(k.seed, seedOf(k.seed, k.kind.name, 0))), tell: tell,
		exit: []int{0}, causes: map[string][]string{}, limit: map[string]int64{},
	}
	err := os.RemoveAll(o.dir)
	if err == nil {
		t.place, err = stage.NewPlace(o.dir, e.programs)
	}
	if err == nil {
		err = t.carryOut()
	}
	if err != nil {
		t.wrong = append(t.wrong, err.Error())
	}
	o.wrong, o.losses, o.recover, o.took, o.broken = t.wrong, t.losses, t.recover, time.Since(begin), t.broken
	if t.place != nil { // what lies there was looked at, and it is outside of the trial's folder
		if err := os.RemoveAll(t.place.Runtime); err != nil {
			o.wrong = append(o.wrong, err.Error())
		}
	}
	if len(o.wrong) == 0 && t.place != nil && !e.keep {
		if err := t.place.Remove(); err != nil {
			o.wrong = append(o.wrong, err.Error())
		}
	}
	return o
}

// carryOut lets the kind act, then takes down what it has set up.
func (t *trial) carryOut() error {
	err := t.kind.act(t)
	t.broken = over(err)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), 5*time.Minute) // what was done is judged, also when the time is over
	defer cancel()
	t.ctx = ctx
	if err == nil && !t.nothing {
		err = t.verdict()
	}
	if t.p != nil && err != nil {
		if said := t.p.Broken(); said != nil {
			err = errors.Join(err, said)
		}
	}
	t.kill()
	for _, f := range slices.Backward(t.cleanup) {
		err = errors.Join(err, f())
	}
	return err
}

// over tells whether an error is that of a context that has ended.
func over(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// kill ends what is left of the trial: processes of its own place only.
func (t *trial) kill() {
	for _, pid := range t.place.Processes() {
		_ = killProcess(pid)
	}
	t.place.Gone(10 * time.Second)
	if t.p != nil {
		select {
		case <-t.p.Done():
		case <-time.After(10 * time.Second):
		}
	}
}

// fail notes something that is wrong.
func (t *trial) fail(format string, args ...any) {
	t.wrong = append(t.wrong, fmt.Sprintf(format, args...))
}

// device is a device of the plan.
func (t *trial) device(name string) *stage.Device {
	i := slices.IndexFunc(t.plan.Devices, func(d *stage.Device) bool { return d.Name == name })
	return t.plan.Devices[i]
}

// chance is true in one of n cases.
func (t *trial) chance(n int) bool { return t.r.IntN(n) == 0 }

// between is a random time.
func (t *trial) between(from, to time.Duration) time.Duration {
	return from + time.Duration(t.r.Int64N(int64(to-from)+1))
}

// pause waits for a random time, which is part of the trial.
func (t *trial) pause(from, to time.Duration) error { return t.sleep(t.between(from, to)) }

func (t *trial) sleep(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
}

// choose picks one.
func choose[T any](t *trial, list ...T) T { return list[t.r.IntN(len(list))] }
