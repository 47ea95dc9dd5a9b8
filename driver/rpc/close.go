package rpc

import (
	"context"
	"errors"
	"sync"
	"time"
)

// endTimeout is what a plugin has for ending in order once its units are closed; then it is killed.
const endTimeout = 3 * time.Second

// Close closes the open devices, each within its budget, lets the plugin end in order, and kills it where it does
// not. When it returns nothing of the plugin is left. It returns the first error of closing a device. When ctx ends,
// the plugin is killed at once. Calls that are running fail with [driver.KindPluginGone]. Close is idempotent.
func (c *Client) Close(ctx context.Context) error {
	c.wantEnd()
	err := c.closeDevices(ctx)
	go c.shutDown()
	limit := time.NewTimer(endTimeout)
	defer limit.Stop()
	select {
	case <-c.proc.exit:
	case <-ctx.Done():
	case <-limit.C:
	}
	c.proc.kill()
	<-c.cleaned
	return err
}

// Kill ends the plugin and its process group at once and frees everything. It is idempotent.
func (c *Client) Kill() {
	c.wantEnd()
	c.proc.kill()
	<-c.cleaned
}

func (c *Client) wantEnd() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ending = true
}

func (c *Client) closeDevices(ctx context.Context) error {
	c.mu.Lock()
	open := make([]*Device, 0, len(c.devices))
	for _, d := range c.devices {
		open = append(open, d)
	}
	c.mu.Unlock()
	errs := make([]error, len(open))
	var wg sync.WaitGroup
	for i, d := range open {
		wg.Go(func() { errs[i] = d.Close(ctx) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Abandon breaks all ties to the plugin without ending it, as the host's death would: the connection, the hand-over
// socket and the pipes. The plugin has to end by itself then, which [Client.Done] tells. It serves tests of plugins.
// Call [Client.Kill] afterwards.
func (c *Client) Abandon() {
	c.wantEnd()
	_ = c.wire.conn.Close()
	_ = c.socket.Close()
	_ = c.proc.closePipes()
}

// StrayOutput is the number of bytes that the plugin has printed on its standard output behind its handshake, where
// nothing belongs. They were thrown away.
func (c *Client) StrayOutput() int64 { return c.prog.stray.Load() }
