package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
	"github.com/scopelog/scopelog/shmring"
)

const (
	roleWake  = "wake-producer"
	wakeBatch = 4 << 10 // bytes; the copy is no part of what is measured
	wakePause = time.Millisecond
)

// wakes compares how soon a sleeping consumer has a batch with what a bare futex needs. Figures are microseconds.
type wakes struct {
	tools              *tools
	count              int
	ringP50, ringP99   measure.Series
	futexP50, futexP99 measure.Series
}

func (w *wakes) round(ctx context.Context) error {
	ours, err := wakeThroughRing(ctx, w.count)
	if err != nil {
		return fmt.Errorf("wake-ups: %w", err)
	}
	w.ringP50.Add(ours.Quantile(0.5))
	w.ringP99.Add(ours.Quantile(0.99))
	var bare struct {
		P50 float64 `json:"p50_ns"`
		P99 float64 `json:"p99_ns"`
	}
	if err := w.tools.run(ctx, "wake", &bare, nil, nil, w.count); err != nil {
		return err
	}
	w.futexP50.Add(bare.P50 / 1e3)
	w.futexP99.Add(bare.P99 / 1e3)
	return nil
}

// wakeThroughRing measures the time from the stamp of a batch to the consumer that has it, with a wake-up for each.
func wakeThroughRing(ctx context.Context, count int) (measure.Series, error) {
	ring, err := newRing(1 << 20)
	if err != nil {
		return nil, err
	}
	defer ring.Close()
	c, err := startChild(ctx, roleWake, []string{fmt.Sprint(count)}, ring.File())
	if err != nil {
		return nil, err
	}
	undo, err := pin(1)
	if err != nil {
		c.kill()
		return nil, err
	}
	defer undo()
	consumer := shmring.NewConsumer(ring)
	consumer.SetWatermark(1)
	times := make(measure.Series, 0, count)
	if err = c.begin(); err == nil {
		err = drain(ctx, consumer, func(d *shmring.Desc) { times.Add(float64(shmring.MonoNow()-d.TMonoNS) / 1e3) })
	}
	if err != nil {
		c.kill()
		return nil, err
	}
	_, err = c.end()
	return times, err
}

// wakeChild commits a small batch about each millisecond.
func wakeChild(args []string) error {
	var count int64
	if err := numbers(args, &count); err != nil {
		return err
	}
	p, err := attach()
	if err != nil {
		return err
	}
	undo, err := pin(0)
	if err != nil {
		return err
	}
	defer undo()
	src := source()[:wakeBatch]
	err = childWork(func() error {
		for range count {
			time.Sleep(wakePause) // the pace, and time for the consumer to fall asleep
			p.Begin(shmring.MonoNow())
			if err := p.Push(0, src); err != nil {
				return err
			}
			if err := p.Commit(); err != nil {
				return err
			}
		}
		return p.Finish(nil)
	})
	return errors.Join(err, p.Close())
}
