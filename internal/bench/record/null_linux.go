package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/internal/bench/measure"
	"github.com/scopelog/scopelog/shmring"
)

// source has the plugin deliver a capture to nobody: room is given back unread. It returns the plugin's processor time
// per GB: what signal and ring cost on its side.
func (p program) source(ctx context.Context, c capture) (perGB float64, err error) {
	w, err := newWorkspace(os.TempDir())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.remove()) }()
	id, err := session.NewRunID()
	if err != nil {
		return 0, err
	}
	h := host.New(host.Options{Dirs: []string{filepath.Join(p.bin, "plugins")}, RunID: id, Environ: append(os.Environ(), w.rig())})
	defer func() { err = errors.Join(err, h.Close()) }()
	parsed, diags := plan.Parse([]byte(c.plan(w.dir)), "bench.hcl", plan.Options{
		Describe: func(name string) (driver.Description, error) { return h.Describe(ctx, name) },
	})
	if diags.HasErrors() {
		return 0, diags
	}
	dev := parsed.Devices[0]
	instance, err := h.Start(ctx, dev.Driver, host.StartOptions{Device: dev.Name})
	if err != nil {
		return 0, err
	}
	unit, err := instance.Client().Open(ctx, dev.OpenRequest())
	if err != nil {
		return 0, err
	}
	applied, err := unit.Configure(ctx, dev.Config())
	if err != nil {
		return 0, err
	}
	ring, err := newRing(applied, id, c.holdTime())
	if err != nil {
		return 0, err
	}
	defer ring.Close()
	if err := unit.HandOver(ctx, ring); err != nil {
		return 0, err
	}
	before, err := measure.CPU(instance.Pid())
	if err != nil {
		return 0, err
	}
	if err := unit.Start(ctx, 0); err != nil {
		return 0, err
	}
	bytes, after := int64(0), time.Duration(0)
	for consumer := shmring.NewConsumer(ring); !consumer.EOS(); {
		n, err := discard(consumer)
		if err = errors.Join(err, ctx.Err()); err != nil {
			return 0, err
		}
		if bytes += n; after == 0 && bytes >= c.bytes() {
			if after, err = measure.CPU(instance.Pid()); err != nil {
				return 0, err
			}
			ring.SetState(shmring.CoreDraining, 0)
		}
	}
	if after == 0 {
		return 0, fmt.Errorf("the plugin delivered %d bytes of %d", bytes, c.bytes())
	}
	return (after - before).Seconds() / (float64(c.bytes()) / 1e9), nil
}

// newRing makes a ring like the recorder's.
func newRing(a driver.Applied, run [16]byte, hold time.Duration) (*shmring.Ring, error) {
	rate := a.Interval.Rate().Float64()
	spec := shmring.Spec{RunID: run, DescCount: shmring.DescCount(hold, len(a.Streams))}
	for i := range a.Streams {
		spec.Lanes = append(spec.Lanes, shmring.LaneSpec{
			Channel: uint16(i), SampleType: shmring.I16, Ratio: 1, Scale: 1,
			IntervalNumFS: uint64(1e15 / rate), IntervalDen: 1, Capacity: shmring.Capacity(rate, 2, hold),
		})
	}
	return shmring.Create(spec)
}

// discard gives back what has come, or waits for more, and returns how many bytes that were. Loss is an error.
func discard(c *shmring.Consumer) (bytes int64, err error) {
	descs, err := c.Poll()
	if err != nil {
		return 0, err
	}
	for i := range descs {
		switch d := &descs[i]; d.Type {
		case shmring.DescData:
			bytes += 2 * int64(d.Count)
			if err := c.ReleaseData(int(d.Lane), d.Pos+uint64(d.Count)); err != nil {
				return 0, err
			}
		case shmring.DescGap:
			return 0, fmt.Errorf("%d samples were lost", d.Aux)
		}
	}
	if n := len(descs); n > 0 {
		return bytes, c.ReleaseDesc(descs[n-1].Seq + 1)
	}
	c.Wait(100 * time.Millisecond)
	return 0, nil
}
