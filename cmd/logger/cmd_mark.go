package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/session"
)

func markCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "mark RUN TEXT",
		Short: "note something in a run that records now",
		Long: `Write a note with the present time into a run that records now: an event, and
an annotation at the present sample of every stream. RUN may also be the name of
a run with a schedule: that means its present recording.`,
		GroupID: groupCapture,
		Args:    takes(2, -1),
		RunE: func(c *cobra.Command, args []string) error {
			return runMark(c.Context(), a, args[0], strings.Join(args[1:], " "))
		},
	}
}

func runMark(ctx context.Context, a *app, run, text string) error {
	if strings.TrimSpace(text) == "" {
		return usageError(errors.New("the text of the mark is empty"), "")
	}
	dir, err := a.recordingOf(ctx, run)
	if err != nil {
		return err
	}
	if _, err := session.Control(ctx, dir, session.Request{Op: session.OpMark, Text: text}); err != nil {
		return notRunning(a, dir, err)
	}
	return emit(a.stdout, fmt.Sprintf("marked in %s: %s\n", dir, text))
}

// notRunning adds to an error of the control socket what is known of a run that does not answer.
func notRunning(a *app, dir string, err error) error {
	if !errors.Is(err, session.ErrNotRunning) {
		return err
	}
	ended, describeErr := describeEnded(a, dir)
	if describeErr != nil {
		return err
	}
	return &failure{cause: causeOther, err: fmt.Errorf("%s is not recording", dir), advice: ended.Text}
}

// recordingOf turns the RUN of a command line into the directory of a recording, the present one where it is the name of
// a schedule.
func (a *app) recordingOf(ctx context.Context, run string) (string, error) {
	s, err := a.askSchedule(ctx, run, session.OpStatus)
	switch {
	case errors.Is(err, session.ErrNotRunning):
		return a.findRun(run)
	case err != nil:
		return "", err
	case s.State != session.ScheduleRecording:
		return "", &failure{err: fmt.Errorf("the schedule %s records nothing now", s.Name), advice: fmt.Sprintf("see what it waits for with: %s status %s", a.name, run)}
	}
	output, _ := a.schedulePlace(run)
	return filepath.Join(output, filepath.Base(s.Dir)), nil // its own path is relative to where it was started
}
