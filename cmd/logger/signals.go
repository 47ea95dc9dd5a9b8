package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
)

// interrupts tells of Ctrl-C, SIGTERM, a closed terminal and, on Windows, Ctrl-Break and a closed console: all
// take the same way. The first one asks a command to end, the second one ends it now.
type interrupts struct {
	first  chan struct{} // closed by the first
	second chan struct{} // closed by the second; further ones end the process

	signals chan os.Signal
	pipes   chan os.Signal // nobody reads it: see keepBrokenPipes
	done    chan struct{}
	once    sync.Once
	taken   atomic.Bool // a command looks at second itself
	exit    func(int)   // ends the process
}

// watchInterrupts begins to listen. A terminal that was left with nohup stays ignored.
func watchInterrupts() *interrupts {
	i := newInterrupts(os.Exit)
	watched := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		watched = append(watched, syscall.SIGHUP)
	}
	signal.Notify(i.signals, watched...)
	go i.listen()
	return i
}

func newInterrupts(exit func(int)) *interrupts {
	return &interrupts{
		first: make(chan struct{}), second: make(chan struct{}), signals: make(chan os.Signal, 4),
		pipes: make(chan os.Signal, 1), done: make(chan struct{}), exit: exit,
	}
}

func (i *interrupts) listen() {
	for n := 1; ; n++ {
		select {
		case <-i.done:
			return
		case <-i.signals:
		}
		// Looked at first: the command that takes it gives it back as soon as it has seen the second one.
		taken := i.taken.Load()
		switch n {
		case 1:
			close(i.first)
			continue
		case 2:
			close(i.second)
		}
		if !taken {
			i.exit(exitInterrupted)
		}
	}
}

// stop ends listening.
func (i *interrupts) stop() {
	i.once.Do(func() {
		signal.Stop(i.signals)
		signal.Stop(i.pipes)
		close(i.done)
	})
}

// context returns a context that the first interrupt cancels.
func (i *interrupts) context(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		select {
		case <-i.first:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// take says that the caller looks at the second interrupt itself, so that it does not end the process, until it
// calls the function that it gets.
func (i *interrupts) take() (giveBack func()) {
	i.taken.Store(true)
	return func() { i.taken.Store(false) }
}

// keepBrokenPipes makes a reader of standard output or standard error that goes away an error of writing from now on;
// else it ends the process, as is usual for commands in a pipe.
func (i *interrupts) keepBrokenPipes() { signal.Notify(i.pipes, syscall.SIGPIPE) }
