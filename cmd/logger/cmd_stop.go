package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

const (
	stopLook    = 100 * time.Millisecond // how often stop looks whether the run is sealed
	stopSilence = 20 * time.Second       // without an answer from a run that is not sealed: its recorder is gone
)

func stopCommand(a *app) *cobra.Command {
	var noWait bool
	c := &cobra.Command{
		Use:   "stop RUN",
		Short: "end a run in order and seal it",
		Long: `Ask a run that records now to end: devices stop, what they delivered is
written, the recording is sealed. That is what a first Ctrl-C in the run's own
terminal does.`,
		GroupID: groupCapture,
		Args:    takes(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			return runStop(c.Context(), a, args[0], noWait)
		},
	}
	c.Flags().BoolVar(&noWait, "no-wait", false, "return at once")
	return c
}

func runStop(ctx context.Context, a *app, run string, noWait bool) error {
	dir, err := a.findRun(run)
	if err != nil {
		return err
	}
	if _, err := session.Control(ctx, dir, session.Request{Op: session.OpStop}); err != nil {
		return notRunning(a, dir, err)
	}
	if noWait {
		return emit(a.stdout, fmt.Sprintf("%s is stopping\n", dir))
	}
	return waitSealed(ctx, a, dir)
}

// waitSealed returns when the run is sealed, or its recorder is gone.
func waitSealed(ctx context.Context, a *app, dir string) error {
	tick := time.NewTicker(stopLook)
	defer tick.Stop()
	var silent time.Time // since when nobody answers
	for {
		file, err := readRun(dir)
		if err != nil {
			return err
		}
		if file.State != recording.StateRecording {
			return emit(a.stdout, fmt.Sprintf("%s is %s\n", dir, file.State))
		}
		_, err = session.Control(ctx, dir, session.Request{Op: session.OpStatus})
		switch {
		case !errors.Is(err, session.ErrNotRunning):
			silent = time.Time{}
		case silent.IsZero():
			silent = time.Now()
		case time.Since(silent) > stopSilence:
			return notRunning(a, dir, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
