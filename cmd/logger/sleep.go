package main

import (
	"io"
	"os/exec"
	"time"
)

const (
	inhibitorRefused = 300 * time.Millisecond // in which a refusal comes
	inhibitorEnd     = 2 * time.Second        // for the helper program to end
)

// sleepLock keeps the computer awake by a helper program that holds the lock until its input ends, which it does
// at the latest when this process ends.
type sleepLock struct {
	command *exec.Cmd
	input   io.Closer
	ended   chan struct{}
}

// startSleepLock starts the helper; nil when it cannot be started.
func startSleepLock(c *exec.Cmd) *sleepLock {
	if c == nil {
		return nil
	}
	input, err := c.StdinPipe()
	if err != nil || c.Start() != nil {
		return nil
	}
	l := &sleepLock{command: c, input: input, ended: make(chan struct{})}
	go func() {
		_ = c.Wait() // how it ended does not matter: the lock is gone
		close(l.ended)
	}()
	return l
}

// held tells whether the lock is held, waiting for an early refusal.
func (l *sleepLock) held(wait time.Duration) bool {
	if l == nil {
		return false
	}
	select {
	case <-l.ended:
		return false
	case <-time.After(wait):
		return true
	}
}

// release lets the computer sleep again.
func (l *sleepLock) release() {
	if l == nil {
		return
	}
	_ = l.input.Close() // the helper may have ended before
	select {
	case <-l.ended:
	case <-time.After(inhibitorEnd):
		_ = l.command.Process.Kill() // it may have ended just now
		<-l.ended
	}
}

// stayAwake keeps the computer from going to sleep while it records, where the system can do that. Where it cannot,
// and the computer is one that may go to sleep, the user is warned.
func (a *app) stayAwake() *sleepLock {
	l := startSleepLock(sleepLockCommand())
	if !laptop() {
		return l
	}
	if !l.held(inhibitorRefused) {
		a.warn("this looks like a laptop, and it cannot be kept from going to sleep, which ends a recording; %s doctor tells more", a.name)
	}
	return l
}
