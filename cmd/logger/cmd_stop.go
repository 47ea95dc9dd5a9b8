package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
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
terminal does.

RUN is the directory of a recording, or the name of a run with a schedule: that
ends the schedule as a whole, whereas the name of one of its recordings ends
only that, and the schedule goes on.`,
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
	schedule, err := a.askSchedule(ctx, run, session.OpStop)
	switch {
	case err == nil:
		return stopSchedule(ctx, a, run, schedule, noWait)
	case !errors.Is(err, session.ErrNotRunning):
		return err
	}
	dir, err := a.findRun(run)
	if err != nil {
		return err
	}
	if _, err := session.Control(ctx, dir, session.Request{Op: session.OpStop}); err != nil {
		return notRunning(a, dir, err)
	}
	if noWait {
		err = emit(a.stdout, fmt.Sprintf("%s is stopping\n", dir))
	} else {
		err = waitSealed(ctx, a, dir)
	}
	a.sayGoesOn(ctx, dir)
	return err
}

// sayGoesOn tells that a recording that was stopped was one of a schedule, which goes on.
func (a *app) sayGoesOn(ctx context.Context, dir string) {
	output := filepath.Dir(dir)
	list, err := session.FindSchedules(ctx, output)
	if err != nil {
		return // the recording has ended, which is what was asked for
	}
	for _, s := range list {
		if filepath.Base(s.Dir) == filepath.Base(dir) {
			a.say("its schedule goes on; end that with: %s stop %s", a.name, filepath.Join(output, s.Name))
		}
	}
}

// stopSchedule tells of a schedule that was told to end, and waits until it has.
func stopSchedule(ctx context.Context, a *app, run string, s *session.ScheduleStatus, noWait bool) error {
	tick := time.NewTicker(stopLook)
	defer tick.Stop()
	for !noWait {
		_, err := a.askSchedule(ctx, run, session.OpStatus)
		if errors.Is(err, session.ErrNotRunning) {
			return emit(a.stdout, fmt.Sprintf("the schedule %s has ended\n", s.Name))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return emit(a.stdout, fmt.Sprintf("the schedule %s is stopping\n", s.Name))
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
			// Who seals thousands of files answers no more, but holds the lock.
			if held, lockErr := recording.OSFS().Locked(filepath.Join(dir, recording.FileLock)); lockErr != nil || !held {
				return notRunning(a, dir, err)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
