package rpc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// HandOver sends a ring to the plugin, which maps and checks it; then [Device.Start] can name its generation. A ring
// is good for one Start, and a ring that was not started gives way to the next one. The ring stays the caller's.
func (d *Device) HandOver(ctx context.Context, ring *shmring.Ring) error {
	const op = "hand over the ring"
	c := d.c
	if c.socket == nil {
		return driver.Errorf(driver.KindBug, op, "a plugin that was taken over takes no further ring: start another")
	}
	if err := c.handTurn.take(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer c.handTurn.done()
	if err := c.socket.SetDeadline(deadlineOf(ctx, handOverTimeout)); err != nil {
		return c.handOverError(ctx, op, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = c.socket.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := shmring.SendRing(c.socket, ring); err != nil {
		return c.handOverError(ctx, op, err)
	}
	want := ring.Spec().Generation
	for {
		a, err := shmring.RecvAnswer(c.socket)
		if err != nil {
			return c.handOverError(ctx, op, err)
		}
		if a.Generation != want { // of an offer that was given up
			continue
		}
		return answerError(op, a.Status)
	}
}

func (c *Client) handOverError(ctx context.Context, op string, err error) error {
	switch {
	case errors.Is(err, shmring.ErrHandover):
		return c.badAnswer(op, err)
	case errors.Is(err, shmring.ErrNotSupported), errors.Is(err, shmring.ErrClosed):
		return driver.Errorf(driver.KindBug, op, "%w", err)
	case errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() == nil:
		return c.callError(ctx, op, handOverTimeout, contextStatus(context.DeadlineExceeded))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return c.callError(ctx, op, handOverTimeout, contextStatus(ctx.Err()))
	}
	select { // the socket has ended: so has the plugin, or it is about to
	case <-c.proc.exit:
	case <-time.After(deathGrace):
	}
	if hasEnded(c.proc) {
		return c.goneError(op)
	}
	return driver.Errorf(driver.KindPluginGone, op, "the hand-over socket of the plugin %s is broken: %w", c.program, err)
}

func answerError(op string, code uint32) error {
	switch code {
	case ringAttached:
		return nil
	case ringInUse:
		return driver.Errorf(driver.KindBug, op, "the ring was used before")
	case ringNotSupported:
		return driver.Errorf(driver.KindUnsupported, op, "the plugin cannot map rings on this system")
	case ringRepeated:
		return driver.Errorf(driver.KindBug, op, "a ring of this generation was handed over before")
	}
	return driver.Errorf(driver.KindBug, op, "the plugin cannot use the ring (answer %d)", code)
}
