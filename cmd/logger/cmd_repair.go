package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// repairOptions are the flags of repair.
type repairOptions struct {
	keepTail bool
	json     bool
}

func repairCommand(a *app) *cobra.Command {
	var o repairOptions
	c := &cobra.Command{
		Use:   "repair RUN",
		Short: "seal a recording that did not end in order",
		Long: `Seal a recording whose recorder was killed or lost its power: what was synced
is kept, an unfinished tail is cut off, metadata is completed. Plugins that wait
for another recorder are ended. Doing it again changes nothing. Exit code 0
when nothing but a tail was cut off, 6 when more was damaged; a run that records
now is refused.`,
		GroupID: groupRecordings,
		Args:    takes(1, 1),
		RunE:    func(c *cobra.Command, args []string) error { return runRepair(c.Context(), a, args[0], o) },
	}
	c.Flags().BoolVar(&o.keepTail, "keep-tail", false, "save the samples that are cut off beside the data, as .unverified files")
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON document")
	return c
}

// repairDocument is what repair --json prints.
type repairDocument struct {
	FormatVersion string       `json:"format_version"`
	Dir           string       `json:"dir"`
	Changed       bool         `json:"changed"`
	Damage        bool         `json:"damage"`
	Sealed        []string     `json:"sealed"`
	Cut           []cutJSON    `json:"cut"`
	Lost          []lostJSON   `json:"lost"`
	Damaged       []damageJSON `json:"damaged"`
	BadLines      []string     `json:"bad_lines"`
	Unknown       []string     `json:"unknown"`
	Rebuilt       []string     `json:"rebuilt"`
	Removed       []string     `json:"removed"`
	Unreadable    []string     `json:"unreadable"`
	PluginsEnded  int          `json:"plugins_ended"`
}

type cutJSON struct {
	Stream  string `json:"stream"`
	Segment int    `json:"segment"`
	File    string `json:"file"`
	Samples int64  `json:"samples"`
	Bytes   int64  `json:"bytes"`
	Saved   string `json:"saved,omitempty"`
}

type lostJSON struct {
	Stream  string        `json:"stream"`
	Segment int           `json:"segment"`
	Gap     recording.Gap `json:"gap"`
}

func runRepair(ctx context.Context, a *app, run string, o repairOptions) error {
	dir, err := a.findRun(run)
	if err != nil {
		return err
	}
	report, err := recording.Repair(ctx, dir, recording.RepairOptions{KeepTail: o.keepTail})
	var locked *recording.LockedError
	if errors.As(err, &locked) {
		return &failure{cause: causeOther, err: err, advice: fmt.Sprintf("end the run first: %s stop %s", a.name, dir)}
	}
	if err != nil {
		return err
	}
	ended := a.endOrphans(ctx, dir)
	if o.json {
		doc := repairResult(&report)
		doc.PluginsEnded = ended
		err = writeJSON(a.stdout, doc)
	} else {
		err = printRepair(a, &report, ended)
	}
	if err != nil {
		return err
	}
	if report.Damage() {
		return quiet(causeDamage, "damage found")
	}
	return nil
}

// endOrphans ends the plugins that wait to go on with a run that is sealed now, and returns how many there were.
func (a *app) endOrphans(ctx context.Context, dir string) int {
	r, err := a.ownRig()
	if err != nil {
		a.warn("%v", err)
		return 0
	}
	n, err := session.EndOrphans(ctx, dir, r.host)
	if err = errors.Join(err, r.close()); err != nil {
		a.warn("plugins that had waited to go on with %s: %v", dir, err)
	}
	return n
}

func repairResult(r *recording.RepairReport) repairDocument {
	list := func(l []string) []string { return append([]string{}, l...) }
	d := repairDocument{
		FormatVersion: formatVersion, Dir: r.Dir, Changed: r.Changed, Damage: r.Damage(), Sealed: list(r.Sealed),
		Cut: []cutJSON{}, Lost: []lostJSON{}, Damaged: damageList(r.Damaged), BadLines: []string{}, Unknown: list(r.Unknown),
		Rebuilt: list(r.Rebuilt), Removed: list(r.Removed), Unreadable: list(r.Unreadable),
	}
	for _, c := range r.Cut {
		d.Cut = append(d.Cut, cutJSON(c))
	}
	for _, l := range r.Lost {
		d.Lost = append(d.Lost, lostJSON(l))
	}
	for _, l := range r.Lines {
		d.BadLines = append(d.BadLines, badLine(l))
	}
	return d
}

// badLine names a line of a journal that cannot be read.
func badLine(l recording.BadLine) string {
	return fmt.Sprintf("%s, %d bytes from byte %d: %v", l.File, l.Bytes, l.Offset, l.Err)
}

// segmentText names a segment, which a report has as "DEVICE NUMBER", in words.
func segmentText(name string) string {
	if i := strings.LastIndexByte(name, ' '); i >= 0 {
		return fmt.Sprintf("device %s, segment %s", name[:i], name[i+1:])
	}
	return name
}

func printRepair(a *app, r *recording.RepairReport, ended int) error {
	var b strings.Builder
	if !r.Changed {
		fmt.Fprintf(&b, "%s: nothing to repair\n", r.Dir)
	}
	if r.NotRead > 0 {
		fmt.Fprintf(&b, "not read: the samples of %s sealed before; %s verify %s reads them\n", plural(r.NotRead, "segment"), a.name, r.Dir)
	}
	for _, s := range r.Sealed {
		fmt.Fprintf(&b, "sealed: %s\n", segmentText(s))
	}
	for _, c := range r.Cut {
		fmt.Fprintf(&b, "cut off: %s, the last %s samples that were not synced yet (%s)", c.File, formatCount(c.Samples), formatBytes(c.Bytes))
		if c.Saved != "" {
			fmt.Fprintf(&b, ", saved as %s", c.Saved)
		}
		b.WriteByte('\n')
	}
	bad := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%s %s\n", paint(a.color, red, name+":"), fmt.Sprintf(format, args...))
	}
	for _, l := range r.Lost {
		bad("lost", "%s segment %d: %s samples that were synced are gone; a gap stands for them", l.Stream, l.Segment, formatCount(l.Gap.Lost))
	}
	for _, d := range r.Damaged {
		bad("damaged", "%s", d)
	}
	for _, l := range r.Lines {
		bad("unreadable", "%s", badLine(l))
	}
	if len(r.Lines) > 0 {
		b.WriteString("  such a line cannot be mended: it stays as it is, and verify will name it again. Samples that only it\n" +
			"  told of are named here as lost, damaged or not known any more; it costs nothing else.\n")
	}
	for _, u := range r.Unknown {
		bad("not known any more", "%s", u)
	}
	for _, u := range r.Unreadable {
		bad("not repaired", "%s", u)
	}
	if len(r.Rebuilt) > 0 {
		fmt.Fprintf(&b, "made anew: %s\n", strings.Join(r.Rebuilt, " "))
	}
	if len(r.Removed) > 0 {
		fmt.Fprintf(&b, "removed: %s\n", strings.Join(r.Removed, " "))
	}
	if ended > 0 {
		fmt.Fprintf(&b, "ended: %s that had waited for a recorder to go on\n", plural(ended, "plugin"))
	}
	if r.Changed {
		result := paint(a.color, green, "sealed; everything that was synced is there")
		switch run, err := readRun(r.Dir); {
		case err == nil && run.State == recording.StateRecording:
			result = paint(a.color, red, "not sealed yet: run repair again when what is named above can be read")
		case r.Damage():
			result = paint(a.color, red, "sealed, with damage")
		}
		fmt.Fprintf(&b, "%s: %s\n", r.Dir, result)
	}
	return emit(a.stdout, b.String())
}
