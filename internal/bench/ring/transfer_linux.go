package main

import (
	"context"
	"fmt"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// moved is one transfer: how much, how long, and the processor time of both sides.
type moved struct {
	bytes     int64
	wall, cpu time.Duration
}

// contestant is one way from process to process, with its figures of all rounds.
type contestant struct {
	name  string
	total int64 // bytes a round
	move  func(ctx context.Context, total int64) (moved, error)

	speed measure.Series // GB/s
	cost  measure.Series // CPU s/GB
}

func (c *contestant) round(ctx context.Context) error {
	m, err := c.move(ctx, c.total)
	if err != nil {
		return err
	}
	gigabytes := float64(m.bytes) / 1e9
	c.speed.Add(gigabytes / m.wall.Seconds())
	c.cost.Add(m.cpu.Seconds() / gigabytes)
	return nil
}

// The places of the contestants in the list.
const (
	ring64 = iota
	pair64
	ring8
	pair8
	socketStream
	grpcStream
	grpcBatches
)

// transfers are all ways, in the order of a round: what is compared is neighbours.
type transfers []*contestant

func (t transfers) round(ctx context.Context) error {
	for _, c := range t {
		if err := c.round(ctx); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

func contestants(t *tools, scale float64) transfers {
	size := func(gigabytes float64) int64 {
		const step = 8 << 20
		return max(int64(gigabytes*scale*1e9)/step, 1) * step
	}
	ring := func(capacity int64) func(context.Context, int64) (moved, error) {
		return func(ctx context.Context, total int64) (moved, error) { return moveThroughRing(ctx, capacity, total) }
	}
	pair := func(capacity int64) func(context.Context, int64) (moved, error) {
		return func(ctx context.Context, total int64) (moved, error) { return moveThroughPair(ctx, t, capacity, total) }
	}
	grpc := func(message int64) func(context.Context, int64) (moved, error) {
		return func(ctx context.Context, total int64) (moved, error) { return moveThroughGRPC(ctx, message, total) }
	}
	return transfers{
		ring64:       {name: "ring, 64 MiB", total: size(8), move: ring(64 << 20)},
		pair64:       {name: "C pair, 64 MiB", total: size(8), move: pair(64 << 20)},
		ring8:        {name: "ring, 8 MiB", total: size(8), move: ring(8 << 20)},
		pair8:        {name: "C pair, 8 MiB", total: size(8), move: pair(8 << 20)},
		socketStream: {name: "unix socket", total: size(3), move: moveThroughSocket},
		grpcStream:   {name: "gRPC stream, 32,000 byte messages", total: size(1), move: grpc(smallMessage)},
		grpcBatches:  {name: "gRPC stream, 64 KiB messages", total: size(0.5), move: grpc(batchMessage)},
	}
}

// moveThroughPair has the C pair copy and read.
func moveThroughPair(ctx context.Context, t *tools, capacity, total int64) (moved, error) {
	var got struct {
		Seconds float64 `json:"seconds"`
		CPU     float64 `json:"cpu_s"`
	}
	err := t.run(ctx, "pair", &got, nil, nil, capacity, batch, total)
	return moved{total, seconds(got.Seconds), seconds(got.CPU)}, err
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
