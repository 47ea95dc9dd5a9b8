package rpc

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/scopelog/scopelog/driver/driverpb"
)

// firstEpoch is the attach epoch of the host that starts a plugin.
const firstEpoch = 1

// HeldRing is a ring that a plugin holds open, for a host that takes over.
type HeldRing struct {
	Generation uint64
	Descriptor int // its number in the plugin process
}

// attend opens the lifeline, and waits for the plugin's first answer on it.
func (c *Client) attend(ctx context.Context, epoch uint64, deadline time.Time) error {
	first := make(chan error, 1)
	c.streams.Go(func() {
		told := false
		tell := func(err error) {
			if !told {
				first <- err
			}
			told = true
		}
		err := c.receiveAttend(epoch, tell)
		if told && c.background.Err() == nil && !hasEnded(c.proc) && !c.wanted() {
			c.log.Warn("the plugin no longer attends to its host", "error", err)
		}
		tell(err)
	})
	limit := time.NewTimer(time.Until(deadline))
	defer limit.Stop()
	var err error
	select {
	case err = <-first:
		if err == nil {
			return nil
		}
	case <-ctx.Done():
		err = ctx.Err()
	case <-limit.C:
		err = context.DeadlineExceeded
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = contextStatus(err)
	}
	return c.callError(ctx, "start plugin", 0, err)
}

// receiveAttend takes the plugin's answers until the stream ends, and says why it did.
func (c *Client) receiveAttend(epoch uint64, tell func(error)) error {
	stream, err := c.wire.driver.Attend(c.background, &driverpb.AttendRequest{
		AttachEpoch: epoch, OrphanNanoseconds: int64(c.orphan), RunId: c.runID[:],
	})
	if err != nil {
		return err
	}
	limit := newAnswerLimit(time.Now())
	for {
		resp, err := stream.Recv()
		if err != nil {
			return err
		}
		c.setHeld(resp)
		tell(nil)
		if !limit.take(time.Now()) && !rested(c.background, answersRest) {
			return c.background.Err()
		}
	}
}

// How many answers on the lifeline are read. Each of them may cost a file that is written anew; a plugin that sends more waits for its host.
const (
	answersBurst     = 100 // a plugin sends one when a ring begins or is let go
	answersPerSecond = 4
	answersRest      = time.Second / answersPerSecond
)

func newAnswerLimit(now time.Time) *bucket {
	return &bucket{rate: answersPerSecond, size: answersBurst, level: answersBurst, at: now}
}

func (c *Client) setHeld(resp *driverpb.AttendResponse) {
	held := make([]HeldRing, 0, min(len(resp.GetRings()), 64))
	for _, r := range resp.GetRings()[:cap(held)] {
		held = append(held, HeldRing{Generation: r.GetGeneration(), Descriptor: int(r.GetFd())})
	}
	c.heldMu.Lock()
	defer c.heldMu.Unlock()
	if slices.Equal(held, c.held) {
		return
	}
	c.held = held
	c.tellHeld()
}

// setUnits notes which devices are open.
func (c *Client) setUnits() {
	c.heldMu.Lock()
	defer c.heldMu.Unlock()
	c.mu.Lock()
	units := make([]string, 0, len(c.devices))
	for _, d := range c.devices {
		units = append(units, d.info.Serial)
	}
	c.mu.Unlock()
	slices.Sort(units)
	if slices.Equal(units, c.units) {
		return
	}
	c.units = units
	c.tellHeld()
}

// tellHeld needs heldMu.
func (c *Client) tellHeld() {
	if c.changed != nil {
		c.changed(c.held, c.units)
	}
}

// OnHeld sets a function that is called with the rings that the plugin holds, and the serial numbers of the units that it
// has open, now and when they change, one call at a time; nil: none, and when OnHeld returns the one before is no longer
// running. It must return soon, keep neither list, and not call OnHeld.
func (c *Client) OnHeld(f func(rings []HeldRing, serials []string)) {
	c.heldMu.Lock()
	defer c.heldMu.Unlock()
	c.changed = f
	c.tellHeld()
}

// wanted tells whether the end of the plugin is wanted.
func (c *Client) wanted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ending
}
