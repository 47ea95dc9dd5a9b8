package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/plot"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// plotOptions are the flags of plot.
type plotOptions struct {
	to            string
	streams       []string
	from, until   string
	kind          string
	size          string
	braille       bool
	utc, seconds  bool
	volts, counts bool
	damaged       bool
	force         bool
	db            bool
	json          bool

	first, last series.Bound
	pixels      plot.Size
	quantity    convert.Quantity
	progress    func(done, total int64)
}

func plotCommand(a *app) *cobra.Command {
	var o plotOptions
	c := &cobra.Command{
		Use:   "plot RUN",
		Short: "draw streams, spectra, waveforms, XY",
		Long: `Draw a recording: as a file with --to (.png or .svg), or in the terminal with
--braille. Over time each column shows the smallest and the largest value, from
the overview where that is possible, so that a week takes no longer than a
minute. What was lost is shaded and never bridged. The recording is not changed
and may still be recorded.`,
		Example: "  plot soak --to soak.png\n" +
			"  plot soak --to a.svg --stream 'cell.*' --until 100ms\n" +
			"  plot soak --braille --stream cell.A",
		GroupID: groupRecordings,
		Args:    takes(1, 1),
		RunE:    func(c *cobra.Command, args []string) error { return runPlot(c.Context(), a, args[0], o) },
	}
	f := c.Flags()
	f.StringVar(&o.to, "to", "", "write this `FILE`, .png or .svg")
	f.BoolVar(&o.braille, "braille", false, "draw with characters, as wide as the terminal")
	f.StringArrayVar(&o.streams, "stream", nil, "draw the stream of this `NAME`, a device's, those a pattern such as 'cell.*' names, or a pin of a digital port, as in cell.D3; may be repeated (default all, but for what is downsampled beside its raw stream)")
	f.StringVar(&o.from, "from", "", placeUsage+"; a sample is one of the first stream, in block modes the number of a waveform")
	f.StringVar(&o.until, "until", "", "end before this `PLACE`")
	f.StringVar(&o.kind, "kind", "", "draw this `KIND`: "+strings.Join(plotKindNames(), ", ")+" (default time, persistence for block modes)")
	f.StringVar(&o.size, "size", "", "`PIXELS` of the picture, as in 1200x700 (default 1200 wide, and as high as is needed)")
	f.BoolVar(&o.utc, "utc", false, "write UTC at the axis of time (default)")
	f.BoolVar(&o.seconds, "seconds", false, "count time from the first sample of the run")
	f.BoolVar(&o.volts, "volts", false, "draw volts at the tip of the probe instead of the channel's unit")
	f.BoolVar(&o.counts, "counts", false, "draw the stored counts")
	f.BoolVar(&o.damaged, "damaged", false, "look at samples that are annotated as damaged or unverified too; over time they are drawn and shaded always")
	f.BoolVar(&o.db, "db", false, "write decibels at the axis of --kind psd, re 1 unit²/Hz")
	f.BoolVar(&o.force, "force", false, "replace a file that is there already")
	f.BoolVar(&o.json, "json", false, "print one JSON document")
	return c
}

// plotDocument is what plot --json prints.
type plotDocument struct {
	FormatVersion string   `json:"format_version"`
	Dir           string   `json:"dir"`
	Kind          string   `json:"kind"`
	Streams       []string `json:"streams"`
	Path          string   `json:"path"`
	Bytes         int64    `json:"bytes"`
	Notes         []string `json:"notes"`
}

func runPlot(ctx context.Context, a *app, run string, o plotOptions) error {
	if err := o.prepare(a); err != nil {
		return err
	}
	dir, err := a.findRun(run)
	if err != nil {
		return err
	}
	if o.first, o.last, err = boundsOf(dir, o.from, o.until); err != nil {
		return err
	}
	swept := sweptBeside(o.to)
	o.progress = a.tellSamples(time.Now)
	r, job, err := openPlot(dir, &o)
	if err != nil {
		return plotFailure(a, err)
	}
	figure, err := plotKinds[job.kind](ctx, job)
	a.screen.clear()
	if errors.Is(err, plot.ErrEmpty) {
		err = job.empty()
	}
	if err != nil {
		return plotFailure(a, err)
	}
	job.notes = append(job.notes, swept...)
	if o.to != "" {
		if err := figure.Save(o.to, o.pixels, o.force); err != nil {
			return plotFailure(a, err)
		}
	}
	if err := printPlot(a, job, figure, dir, &o); err != nil {
		return plotFailure(a, err)
	}
	if problems := r.Problems(); len(problems) > 0 {
		for _, p := range problems {
			a.warn("%v; %s verify says more", p, a.name)
		}
		return quiet(causeDamage, "damage found")
	}
	return nil
}

// openPlot opens a recording and settles what is drawn. Over time samples that are damaged are shaded; all other kinds have no place to tell, so that
// they meet them only if that is wanted.
func openPlot(dir string, o *plotOptions) (*recording.Recording, *plotJob, error) {
	for damaged := o.damaged || o.kind == "" || o.kind == "time"; ; damaged = o.damaged {
		r, err := recording.OpenWith(dir, recording.OpenOptions{Damaged: damaged})
		if err != nil {
			return nil, nil, err
		}
		job, err := newPlotJob(r, o)
		if err != nil || job.kind == "time" || damaged == o.damaged {
			return r, job, err
		}
	}
}

// prepare turns flags into options.
func (o *plotOptions) prepare(a *app) error {
	switch {
	case o.to == "" && !o.braille:
		return usageError(errors.New("plot needs --to FILE, or --braille"), "the ending of FILE chooses the format: "+strings.Join(plot.Endings(), ", "))
	case o.utc && o.seconds:
		return usageError(errors.New("--utc and --seconds exclude each other"), "")
	case o.braille && o.json:
		return usageError(errors.New("--braille and --json exclude each other"), "")
	case o.db && o.kind != "psd":
		return usageError(errors.New("--db is for --kind psd"), "a spectrogram is in decibels always")
	case o.kind != "" && plotKinds[o.kind] == nil:
		advice := didYouMean(o.kind, plotKindNames())
		if advice == "" {
			advice = "write one of " + strings.Join(plotKindNames(), ", ")
		}
		return usageError(fmt.Errorf("--kind cannot be %q", o.kind), advice)
	case o.size != "" && o.to == "":
		return usageError(errors.New("--size is for files: a picture of characters is as wide as the terminal"), "leave it out, or write a file with --to")
	}
	var err error
	if o.quantity, err = quantityOf(o.volts, o.counts); err != nil {
		return err
	}
	if o.pixels, err = plot.ParseSize(o.size); err != nil {
		return usageError(fmt.Errorf("--size: %w", err), "")
	}
	if o.to != "" {
		if _, _, err := outfile.Split(o.to, plot.Endings()); err != nil {
			return usageError(err, "")
		}
		if err := outfile.Allowed(o.to, o.force); err != nil { // told before minutes of reading
			return plotFailure(a, err)
		}
	}
	return nil
}

// plotFailure adds to an error what can be done about it.
func plotFailure(a *app, err error) error {
	var (
		stream  *series.StreamError
		pattern *series.PatternError
		kind    *plot.KindError
		size    *plot.SizeError
		exists  *outfile.ExistsError
		folder  *outfile.FolderError
		missing *recording.RangeError
	)
	switch {
	case errors.As(err, new(*failure)): // it has its advice
		return err
	case errors.As(err, &stream):
		return unknownStream(err, stream)
	case errors.As(err, &pattern), errors.As(err, &kind):
		return usageError(err, "")
	case errors.As(err, &size):
		return usageError(err, "--size sets another one")
	case errors.As(err, &exists):
		return usageError(err, "choose another name, or replace it with --force")
	case errors.Is(err, plot.ErrEmpty):
		return usageError(errors.New("there are no samples that can be drawn in what was chosen"), "see what there is with inspect")
	case errors.Is(err, convert.ErrNoVolts):
		return usageError(err, "leave --volts out, or choose other streams with --stream")
	case errors.As(err, &missing):
		return &failure{cause: causeDamage, err: err, advice: a.name + " verify says more"}
	case errors.As(err, &folder):
		return usageError(err, "make it first, or choose another one")
	}
	return analyzeFailure(a, err)
}

func printPlot(a *app, job *plotJob, figure *plot.Figure, dir string, o *plotOptions) error {
	d := plotDocument{FormatVersion: formatVersion, Dir: dir, Kind: job.kind, Path: o.to, Streams: job.names(), Notes: slices.Concat([]string{}, figure.Notes(), job.notes)}
	if o.to != "" {
		if info, err := os.Stat(o.to); err == nil {
			d.Bytes = info.Size()
		}
	}
	if o.json {
		return writeJSON(a.stdout, d)
	}
	makePrintable(&d)
	var b strings.Builder
	if o.braille {
		if err := figure.WriteText(&b, plotColumns(a), 0); errors.As(err, new(*plot.SizeError)) {
			return usageError(err, "make the terminal wider, or write a file with --to")
		} else if err != nil {
			return err
		}
	}
	if o.to != "" {
		t := newTable("FILE", "KIND", ">SIZE", "STREAMS")
		t.add(d.Path, d.Kind, formatBytes(d.Bytes), strings.Join(d.Streams, ", "))
		if err := t.write(&b, a.color); err != nil {
			return err
		}
	}
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	return emit(a.stdout, b.String())
}

// plotColumns is how wide a picture of characters is: as the terminal, or 80 columns where standard output is none.
func plotColumns(a *app) int {
	if f, ok := a.stdout.(*os.File); ok {
		return terminalWidth(f)()
	}
	return 80
}
