package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

func inspectCommand(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "inspect RUN",
		Short: "show what a recording holds",
		Long: `Show a recording's devices, streams, segments, gaps and events. Nothing is
changed; a run that records now is shown as far as it is synced. Samples are not
read: verify does that.`,
		GroupID: groupRecordings,
		Args:    takes(1, 1),
		RunE:    func(_ *cobra.Command, args []string) error { return runInspect(a, args[0], asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document, with all gaps and events of the plan, and pins of ports")
	return c
}

func runInspect(a *app, run string, asJSON bool) error {
	dir, err := a.findRun(run)
	if err != nil {
		return err
	}
	r, err := recording.Open(dir)
	if err != nil {
		return err
	}
	s, err := r.Summarise()
	if err != nil {
		return err
	}
	events, err := r.Events()
	if err != nil {
		return err
	}
	if asJSON {
		err = writeJSON(a.stdout, inspectResult(&s, events, series.Pins(r)))
	} else {
		err = printInspect(a, &s, events)
	}
	if err == nil && len(s.Problems) > 0 {
		return quiet(causeDamage, "damage found")
	}
	return err
}

// printInspect shows a summary, whose texts it makes printable.
func printInspect(a *app, s *recording.Summary, events []recording.Event) error {
	var b strings.Builder
	notes := ""
	if s.Run != nil {
		notes = strings.ReplaceAll(printableLines(s.Run.Notes), "\n", "\n          ")
	}
	labels := series.ReadLabels(s.Dir)
	makePrintable(s)
	makePrintable(&events)
	makePrintable(labels)
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-9s %s\n", name, text)
		}
	}
	line("directory", s.Dir)
	if r := s.Run; r != nil {
		line("run", r.Name+"  "+r.Run)
		line("state", stateText(r.State, s.Live))
		line("program", r.Program+" on "+r.Host)
		line("started", formatTime(r.Started.Time()))
		if r.Ended != 0 {
			line("ended", fmt.Sprintf("%s  (%s)", formatTime(r.Ended.Time()), r.EndReason))
		}
		if seconds, ok := lengthOf(s.Dir, r); ok {
			line("length", formatSeconds(seconds))
		}
		line("tags", strings.Join(r.Tags, ", "))
		line("notes", notes)
	}
	line("samples", formatCount(s.Samples)+", "+formatBytes(s.Bytes))
	for _, p := range s.Problems {
		line("problem", paint(a.color, red, p))
	}
	for _, d := range s.Devices {
		if err := printInspectDevice(a, &b, d, labels); err != nil {
			return err
		}
	}
	if err := printGaps(a, &b, s); err != nil {
		return err
	}
	for _, l := range []*eventList{&generatorChanges, &detectedEvents} {
		if err := l.print(a, &b, events); err != nil {
			return err
		}
	}
	if len(s.Events) > 0 {
		var kinds []string
		for _, k := range slices.Sorted(maps.Keys(s.Events)) {
			kinds = append(kinds, fmt.Sprintf("%s %s", k, formatCount(s.Events[k])))
		}
		fmt.Fprintf(&b, "\nevents    %s\n", strings.Join(kinds, ", "))
	}
	return emit(a.stdout, b.String())
}

func printInspectDevice(a *app, b *strings.Builder, d recording.DeviceSummary, labels *series.Labels) error {
	fmt.Fprintf(b, "\n%s  %s %s %s%s  %s, %s\n", paint(a.color, bold, d.Name), d.Driver, d.Model, d.Serial, emulatedMark(d.Emulated), d.Mode, plural(len(d.Epochs), "epoch"))
	if err := printInspectStreams(a, b, d, labels); err != nil {
		return err
	}
	if len(d.Streams) > 0 && d.Streams[0].Waveforms > 0 {
		fmt.Fprintf(b, "  %s\n", capturedText(&d.Streams[0]))
	}
	for _, s := range d.Streams {
		for _, t := range s.Triggers[:min(len(s.Triggers), mostListed)] {
			fmt.Fprintf(b, "  %s: %s\n", s.Name, triggerText(t))
		}
		if more := len(s.Triggers) - mostListed; more > 0 {
			fmt.Fprintf(b, "  %s: %s; --json lists all\n", s.Name, plural(more, "more trigger"))
		}
		for _, n := range []struct {
			count int64
			text  string
		}{
			{s.Dropped, "samples were not kept, as the plan says"},
			{s.Provisional, "samples are not synced yet"},
			{s.OverRange, "samples are annotated as over range"},
			{s.Hidden, "samples are annotated as damaged or unverified"},
		} {
			if n.count > 0 {
				fmt.Fprintf(b, "  %s: %s %s\n", s.Name, formatCount(n.count), n.text)
			}
		}
	}
	return nil
}

// printGaps lists the first gaps of all streams, and stretches that were not kept, which are no loss.
func printGaps(a *app, b *strings.Builder, s *recording.Summary) error {
	t := newTable("GAP IN", ">DEVICE INDEX", ">STREAM INDEX", ">MISSING", "CAUSE", "LENGTH", "FROM")
	more := 0
	for _, d := range s.Devices {
		for _, st := range d.Streams {
			for _, g := range st.Gaps {
				if len(t.rows) == mostListed {
					more++
					continue
				}
				length := "exact"
				if !g.Exact && g.LostMin != g.LostMax {
					length = fmt.Sprintf("%s to %s", formatCount(g.LostMin), formatCount(g.LostMax))
				}
				t.add(st.Name, formatCount(g.DeviceIndex), formatCount(g.StreamIndex), formatCount(g.Lost), g.Cause.String(), length, formatTime(g.From.Time()))
			}
		}
	}
	return printList(a, b, t, more, "gap")
}
