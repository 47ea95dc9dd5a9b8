package main

import (
	"context"
	"os"
	"testing"
	"time"
)

func closed(t *testing.T, c <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		t.Fatalf("%s did not happen", what)
	}
}

func TestInterrupts(t *testing.T) {
	t.Run("a command that looks itself", func(t *testing.T) {
		codes := make(chan int, 1)
		i := newInterrupts(func(code int) { codes <- code })
		defer i.stop()
		go i.listen()
		ctx, cancel := i.context(context.Background())
		defer cancel()
		giveBack := i.take()
		i.signals <- os.Interrupt
		closed(t, i.first, "the first interrupt")
		closed(t, ctx.Done(), "the end of the context")
		select {
		case <-i.second:
			t.Fatal("one signal counted as two")
		default:
		}
		i.signals <- os.Interrupt
		closed(t, i.second, "the second interrupt")
		i.signals <- os.Interrupt
		select {
		case code := <-codes:
			t.Errorf("the process was ended with %d", code)
		default:
		}
		giveBack()
		i.signals <- os.Interrupt
		if code := <-codes; code != exitInterrupted {
			t.Errorf("exit code %d, want 130", code)
		}
	})
	t.Run("other commands end with the second", func(t *testing.T) {
		codes := make(chan int, 1)
		i := newInterrupts(func(code int) { codes <- code })
		defer i.stop()
		go i.listen()
		i.signals <- os.Interrupt
		i.signals <- os.Interrupt
		select {
		case code := <-codes:
			if code != exitInterrupted {
				t.Errorf("exit code %d, want 130", code)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the process was not ended")
		}
	})
	t.Run("a context that is not needed any more", func(t *testing.T) {
		i := newInterrupts(func(int) {})
		ctx, cancel := i.context(context.Background())
		cancel()
		closed(t, ctx.Done(), "the end of the context")
		i.stop()
		i.stop() // twice does no harm
	})
}
