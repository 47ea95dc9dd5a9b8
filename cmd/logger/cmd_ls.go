package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/recording"
)

// lsDocument is what ls --json prints.
type lsDocument struct {
	FormatVersion string   `json:"format_version"`
	Runs          []lsLine `json:"runs"` // oldest first
}

type lsLine struct {
	Dir     string     `json:"dir"`
	Run     string     `json:"run,omitempty"`
	Name    string     `json:"name,omitempty"`
	State   string     `json:"state"` // "recording", "sealed", "recovered", "not sealed", "damaged"
	Started *time.Time `json:"started,omitempty"`
	Ended   *time.Time `json:"ended,omitempty"`
	Devices int        `json:"devices"`
	Streams int        `json:"streams"`
	Bytes   int64      `json:"bytes"`
	Samples int64      `json:"samples"`            // of all streams together; not of a run that is not sealed
	Lost    int64      `json:"lost"`               // raw samples: of each device what the stream lost that lost most
	Length  float64    `json:"length_s,omitempty"` // of the longest stream, gaps included; without streams the time from the opening to the sealing
	Exit    *int       `json:"exit_code,omitempty"`
	Error   string     `json:"error,omitempty"`
}

func lsCommand(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "ls [DIR]",
		Short: "list the recordings in a folder",
		Long: `List the recordings in a folder, oldest first; without DIR those in the output
folder. "no samples" stands for a run that ended before its first sample: its
folder is kept, since its events and logs say why, and may be removed.`,
		GroupID: groupRecordings,
		Args:    takes(0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := a.settings.Output
			if len(args) == 1 {
				dir = args[0]
			}
			return runLs(a, dir, len(args) == 1, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

// runLs lists a folder. One that was named has to be there.
func runLs(a *app, dir string, named, asJSON bool) error {
	list, err := recording.List(nil, dir)
	if err != nil && (named || !errors.Is(err, fs.ErrNotExist)) {
		return err
	}
	doc := lsDocument{FormatVersion: formatVersion, Runs: []lsLine{}}
	for _, e := range list {
		doc.Runs = append(doc.Runs, lsLineOf(e))
	}
	if asJSON {
		return writeJSON(a.stdout, doc)
	}
	if len(doc.Runs) == 0 {
		return emit(a.stdout, fmt.Sprintf("no recordings in %s\n", dir))
	}
	makePrintable(&doc)
	t := newTable("RUN", "STATE", "STARTED", ">LENGTH", ">STREAMS", ">SIZE", ">LOST")
	for _, r := range doc.Runs {
		if r.Error != "" {
			t.add(filepath.Base(r.Dir), r.State, "", "", "", formatBytes(r.Bytes), "")
			continue
		}
		length := ""
		if r.Ended != nil {
			length = formatSeconds(r.Length)
		}
		t.add(filepath.Base(r.Dir), r.words(), r.Started.UTC().Format("2006-01-02 15:04:05Z"), length, formatCount(int64(r.Streams)),
			formatBytes(r.Bytes), formatCount(r.Lost))
	}
	if err := t.write(a.stdout, a.color); err != nil {
		return err
	}
	for _, r := range doc.Runs {
		if r.Error != "" {
			a.warn("%s: %s", r.Dir, r.Error)
		}
	}
	return nil
}

func lsLineOf(e recording.ListEntry) lsLine {
	l := lsLine{Dir: e.Dir, Bytes: e.Bytes}
	if e.Run == nil {
		l.State, l.Error = "damaged", e.Err.Error()
		return l
	}
	started := e.Run.Started.Time()
	l.Run, l.Name, l.State, l.Started, l.Devices, l.Exit = e.Run.Run, e.Run.Name, stateText(e.Run.State, e.Live), &started, len(e.Run.Devices), e.Run.ExitCode
	if e.Run.Ended != 0 {
		ended := e.Run.Ended.Time()
		l.Ended = &ended
	}
	l.Length, _ = lengthOf(e.Dir, e.Run)
	l.Lost = lostOf(e.Run)
	for _, d := range e.Run.Devices {
		l.Streams += len(d.Streams)
		for _, s := range d.Streams {
			l.Samples += s.Recorded
		}
	}
	return l
}

// words is the state of a recording for people. One that is finished and empty is of a run that failed before its first
// sample, or lost everything; it is kept, since its events and logs say why.
func (l *lsLine) words() string {
	finished := l.State == string(recording.StateSealed) || l.State == string(recording.StateRecovered)
	if finished && l.Samples == 0 {
		return "no samples"
	}
	return l.State
}

// stateText is a recording's state in words: one that calls itself recording while nobody writes it is not sealed.
func stateText(s recording.State, live bool) string {
	if s == recording.StateRecording && !live {
		return "not sealed"
	}
	return string(s)
}
