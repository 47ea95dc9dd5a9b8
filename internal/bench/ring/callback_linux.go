package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
	"github.com/scopelog/scopelog/shmring"
)

// callbackLane is the lane that callbacks write to, in bytes: more than fits the processor's fastest cache.
const callbackLane = 4 << 20

// callbackSizes are the batches that are measured, in bytes.
var callbackSizes = []int{4 << 10, 20_000, 64 << 10}

// callbacks is what a C callback pays to hand a batch over, against a memcpy of it. Figures are nanoseconds.
type callbacks struct {
	tools *tools
	count int
	sizes []callbackSize
}

type callbackSize struct {
	bytes                             int
	ringP50, ringP99, ringP999, plain measure.Series
}

func newCallbacks(t *tools, count int) *callbacks {
	c := &callbacks{tools: t, count: count}
	for _, n := range callbackSizes {
		c.sizes = append(c.sizes, callbackSize{bytes: n})
	}
	return c
}

func (c *callbacks) round(ctx context.Context) error {
	for i := range c.sizes {
		if err := c.measure(ctx, &c.sizes[i]); err != nil {
			return fmt.Errorf("callbacks of %d bytes: %w", c.sizes[i].bytes, err)
		}
	}
	return nil
}

func (c *callbacks) measure(ctx context.Context, s *callbackSize) error {
	ring, err := newRing(callbackLane)
	if err != nil {
		return err
	}
	defer ring.Close()
	type quantiles struct {
		P50  float64 `json:"p50_ns"`
		P99  float64 `json:"p99_ns"`
		P999 float64 `json:"p999_ns"`
	}
	var got struct {
		Ring   quantiles `json:"ring"`
		Memcpy quantiles `json:"memcpy"`
	}
	err = c.tools.run(ctx, "callback", &got, []*os.File{ring.File()}, func(ended <-chan struct{}) error {
		return discard(ctx, shmring.NewConsumer(ring), ended)
	}, s.bytes, c.count)
	if err != nil {
		return err
	}
	s.ringP50.Add(got.Ring.P50)
	s.ringP99.Add(got.Ring.P99)
	s.ringP999.Add(got.Ring.P999)
	s.plain.Add(got.Memcpy.P50)
	return nil
}

// discard gives all room back without reading, until the stream or the process that fills it has ended.
func discard(ctx context.Context, c *shmring.Consumer, ended <-chan struct{}) error {
	for !c.EOS() {
		descs, err := c.Poll()
		if err != nil {
			return err
		}
		for i := range descs {
			if d := &descs[i]; d.Type == shmring.DescData {
				if err := c.ReleaseData(0, d.Pos+uint64(d.Count)); err != nil {
					return err
				}
			}
		}
		if n := len(descs); n > 0 {
			if err := c.ReleaseDesc(descs[n-1].Seq + 1); err != nil {
				return err
			}
			continue
		}
		select {
		case <-ended:
			return errors.New("the producer ended before its stream") // run has its reason
		case <-ctx.Done():
			return ctx.Err()
		default:
			c.Wait(100 * time.Millisecond)
		}
	}
	return nil
}
