package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/scopelog/scopelog/shmring"
)

const roleRing = "ring-producer"

// newRing makes a ring of one lane of int16.
func newRing(capacity int64) (*shmring.Ring, error) {
	return shmring.Create(shmring.Spec{DescCount: 1 << 16, Lanes: []shmring.LaneSpec{{
		SampleType: shmring.I16, IntervalNumFS: 1e9, IntervalDen: 1, Ratio: 1, Scale: 1, Capacity: uint64(capacity), Name: "bench",
	}}})
}

// moveThroughRing moves total bytes through a ring from another process to this one.
func moveThroughRing(ctx context.Context, capacity, total int64) (moved, error) {
	ring, err := newRing(capacity)
	if err != nil {
		return moved{}, err
	}
	defer ring.Close()
	c, err := startChild(ctx, roleRing, []string{fmt.Sprint(total)}, ring.File())
	if err != nil {
		return moved{}, err
	}
	consumer, r := shmring.NewConsumer(ring), &reader{}
	wall, cpu, err := timed(func() error {
		if err := c.begin(); err != nil {
			return err
		}
		return drain(ctx, consumer, func(d *shmring.Desc) { r.read(consumer.Data(0, d.Pos, d.Count)) })
	})
	if err != nil {
		c.kill()
		return moved{}, err
	}
	other, err := c.end()
	return moved{total, wall, cpu + other}, errors.Join(err, r.check(total))
}

// drain takes all data until the end of the stream, and gives the room back as the recorder does: after each pass.
func drain(ctx context.Context, c *shmring.Consumer, data func(*shmring.Desc)) error {
	for !c.EOS() {
		descs, err := c.Poll()
		if err != nil {
			return err
		}
		for i := range descs {
			d := &descs[i]
			switch d.Type {
			case shmring.DescData:
				data(d)
				if err := c.ReleaseData(0, d.Pos+uint64(d.Count)); err != nil {
					return err
				}
			case shmring.DescGap:
				return fmt.Errorf("%d samples were lost", d.Aux)
			}
		}
		if n := len(descs); n > 0 {
			err = c.ReleaseDesc(descs[n-1].Seq + 1)
		} else {
			c.Wait(100 * time.Millisecond)
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
	}
	return nil
}

// attach is the producer's side of the ring in descriptor 3.
func attach() (*shmring.Producer, error) {
	f := os.NewFile(3, "ring")
	if f == nil {
		return nil, errors.New("descriptor 3 is not there")
	}
	return shmring.AttachProducer(f)
}

// ringChild produces as fast as it is drained.
func ringChild(args []string) error {
	var total int64
	if err := numbers(args, &total); err != nil {
		return err
	}
	p, err := attach()
	if err != nil {
		return err
	}
	src := source()
	p.SetLossless(true)
	err = childWork(func() error {
		for sent := int64(0); sent < total; sent += batch {
			if err := p.WaitRoom(context.Background(), batch/2); err != nil {
				return err
			}
			p.Begin(shmring.MonoNow())
			from := sent % sourceBytes
			if err := p.Push(0, src[from:from+batch]); err != nil {
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
