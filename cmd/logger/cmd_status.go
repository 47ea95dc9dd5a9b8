package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// statusDocument is what status --json prints.
type statusDocument struct {
	FormatVersion string            `json:"format_version"`
	Runs          []*session.Status `json:"runs"`               // that record now
	Ended         []endedRun        `json:"ended,omitempty"`    // the run that was asked for, when it does not record
	Unsealed      []endedRun        `json:"unsealed,omitempty"` // those in the output folder that were left so and that nobody records; not when a run was asked for

	Schedules []*session.ScheduleStatus `json:"schedules,omitempty"`

	Silent []silentRun `json:"silent,omitempty"` // those in the output folder that record and do not say where they stand
}

// silentRun is a run that records and does not say where it stands.
type silentRun struct {
	Dir  string `json:"dir"`
	Text string `json:"text"` // why
}

func statusCommand(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status [RUN]",
		Short: "show where runs stand that record now",
		Long: `Ask the runs that record now where they stand, and the schedules that wait.

RUN is the directory of a recording, or the name of a run with a schedule.
Without it, all runs and schedules in the output folder are asked.`,
		GroupID: groupCapture,
		Args:    takes(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			run := ""
			if len(args) == 1 {
				run = args[0]
			}
			return runStatus(c.Context(), a, run, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

func runStatus(ctx context.Context, a *app, run string, asJSON bool) error {
	doc := statusDocument{FormatVersion: formatVersion, Runs: []*session.Status{}}
	dirs := []string{run}
	if run != "" {
		schedule, err := a.askSchedule(ctx, run, session.OpStatus)
		if err == nil {
			doc.Schedules = append(doc.Schedules, schedule)
			return a.showStatus(doc, asJSON)
		}
		if !errors.Is(err, session.ErrNotRunning) {
			return err
		}
		dir, err := a.findRun(run)
		if err != nil {
			return err
		}
		dirs[0] = dir
	} else {
		found, err := session.FindRuns(ctx, a.settings.Output)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		dirs, doc.Unsealed = found, unsealedRuns(a)
		if doc.Schedules, err = session.FindSchedules(ctx, a.settings.Output); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, dir := range dirs {
		reply, err := session.Control(ctx, dir, session.Request{Op: session.OpStatus})
		switch {
		case err == nil:
			doc.Runs = append(doc.Runs, reply.Status)
		case errors.Is(err, session.ErrNotRunning) && run != "":
			ended, err := describeEnded(a, dir)
			if err != nil {
				return err
			}
			doc.Ended = append(doc.Ended, ended)
		case errors.Is(err, session.ErrNotRunning): // it ended between the two looks
		case run == "" && errors.Is(err, session.ErrBusy):
			doc.Silent = append(doc.Silent, silentRun{dir, session.ErrBusy.Error()})
		case run == "" && errors.Is(err, session.ErrRefused):
			doc.Silent = append(doc.Silent, silentRun{dir, session.ErrRefused.Error()})
		default:
			return err
		}
	}
	return a.showStatus(doc, asJSON)
}

func (a *app) showStatus(doc statusDocument, asJSON bool) error {
	if asJSON {
		return writeJSON(a.stdout, doc)
	}
	return printStatus(a, doc)
}

// askSchedule asks or stops the schedule of a run's name.
func (a *app) askSchedule(ctx context.Context, name, op string) (*session.ScheduleStatus, error) {
	output, run := a.schedulePlace(name)
	return session.ControlSchedule(ctx, output, run, op)
}

// schedulePlace takes the RUN of a command line as a schedule: its output folder, which is the usual one unless it is a path, and
// the run's name.
func (a *app) schedulePlace(name string) (output, run string) {
	output, run = filepath.Split(filepath.Clean(name))
	if output == "" {
		output = a.settings.Output
	}
	return filepath.Clean(output), run
}

// scheduleText tells in words where a schedule stands.
func (a *app) scheduleText(s *session.ScheduleStatus) string {
	text := fmt.Sprintf("%s  schedule, %s", paint(a.color, bold, filepath.Join(s.Output, s.Name)), s.State)
	if s.State == session.ScheduleWaiting && s.Next != nil {
		text += fmt.Sprintf(" for %s, in %s", s.Next.Local().Format("Mon 2006-01-02 15:04:05 MST"), formatClock(s.BeginsIn))
	}
	text += fmt.Sprintf("  (pid %d)\n  %s", s.PID, counted(s.Recordings, "recording"))
	for _, c := range []struct {
		n    int64
		text string
	}{{s.Lossy, "with lost samples"}, {s.Failed, "failed"}, {s.Missed, "missed"}} {
		if c.n > 0 {
			text += fmt.Sprintf(", %s %s", formatCount(c.n), c.text)
		}
	}
	if s.Dir != "" {
		what := "; the last one"
		if s.State == session.ScheduleRecording {
			what = "; the present one"
		}
		text += what + ": " + s.Dir
	}
	text += "\n"
	if s.Error != "" {
		text += "  the last attempt: " + strings.ReplaceAll(s.Error, "\n", "; ") + "\n"
	}
	return text
}

// printStatus shows what runs and schedules say of themselves, whose texts it makes printable.
func printStatus(a *app, doc statusDocument) error {
	var b strings.Builder
	makePrintable(&doc)
	for _, e := range doc.Ended {
		state := string(e.State)
		if e.State == recording.StateRecording {
			state = "not sealed"
		}
		fmt.Fprintf(&b, "%s  %s: %s\n", e.Dir, state, e.Text)
	}
	for _, s := range doc.Schedules {
		b.WriteString(a.scheduleText(s))
	}
	for _, s := range doc.Silent {
		fmt.Fprintf(&b, "%s  records: %s\n", s.Dir, s.Text)
	}
	if len(doc.Runs)+len(doc.Ended)+len(doc.Schedules)+len(doc.Silent) == 0 {
		fmt.Fprintf(&b, "nothing records in %s\n", a.settings.Output)
	}
	for i, s := range doc.Runs {
		if i+len(doc.Schedules)+len(doc.Silent) > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s  %s  (pid %d)\n", paint(a.color, bold, s.Dir), s.State, s.PID)
		fmt.Fprintf(&b, "  %s\n  sync every %s", progressLine(*s, 0), formatSeconds(s.SyncRealised))
		if s.SyncRealised > s.SyncAsked {
			fmt.Fprintf(&b, " (asked for %s: the disk is slow)", formatSeconds(s.SyncAsked))
		}
		fmt.Fprintf(&b, ", %s\n", plural(int(s.Events), "event"))
		t := newTable("DEVICE", "DRIVER", "MODEL", "SERIAL", "STATE", ">RATE", ">RING", ">MOST", ">RESTARTS", ">LOST")
		for _, d := range s.Devices {
			t.add(d.Name, d.Driver, d.Model, d.Serial, d.State+adoptedMark(d.Adopted)+emulatedMark(d.Emulated), decimal(d.RatePerSec, "S/s"), percent(d.RingFill),
				percent(d.RingMax), formatCount(int64(d.Restarts)), formatCount(d.Lost))
		}
		if err := t.write(&b, a.color); err != nil {
			return err
		}
		b.WriteString(keepStatusText(s))
		for _, e := range s.EventBlocks {
			b.WriteString(eventBlockText(e))
		}
		for _, d := range s.Devices {
			b.WriteString(blockStatusText(d))
			if d.Error != "" {
				fmt.Fprintf(&b, "%s: %s\n", d.Name, d.Error)
			}
		}
	}
	b.WriteString(unsealedText(a, doc.Unsealed))
	return emit(a.stdout, b.String())
}

// blockStatusText is a line about a device in block mode; empty for one that streams.
func blockStatusText(d session.DeviceStatus) string {
	if d.Block == nil {
		return ""
	}
	text := d.Name + ": no waveform yet"
	if d.Block.Waveforms > 0 {
		text = fmt.Sprintf("%s: %s of %s%s", d.Name, counted(d.Block.Waveforms, "waveform"), counted(d.Block.Armings, "arming"), deadText(d.Block))
	}
	if d.Block.Lost > 0 {
		text += fmt.Sprintf(", %s lost", formatCount(d.Block.Lost))
	}
	if d.Block.Waiting >= 0 {
		text += fmt.Sprintf("; has waited for %s for %s", waitedFor(d), formatSeconds(d.Block.Waiting))
	}
	return text + "\n"
}

func percent(share float64) string { return fmt.Sprintf("%.0f%%", 100*share) }
