package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/peaks"
	"github.com/scopelog/scopelog/analysis/resample"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// mostShown is how many rows of a result are printed; a file and --json have all of them.
const mostShown = 40

// analyzeOptions are the flags that all operations have.
type analyzeOptions struct {
	analyze.Selection
	from, until   string
	volts, counts bool
	follow        bool
	json          bool
	manyRows      bool
	to            string
	picture       string
	force         bool // what is there is replaced

	swept []string // notes on what was removed beside the files
}

// operation is one of the operations of analyze.
type operation struct {
	name, short, long string
	example           string // behind "analyze RUN NAME"
	signal            bool   // it makes signals, which it writes itself
	drawn             bool   // its result can be drawn
	// flags adds the operation's own flags and returns what makes it of them.
	flags func(f *flagSet) func(o *analyzeOptions) (analyze.Operation, error)
}

// operations lists the operations in the order of the help.
func operations() []operation {
	return slices.Concat(signalOperations(), tableOperations(), measureOperations())
}

func analyzeCommand(a *app) *cobra.Command {
	var subs []*cobra.Command
	for _, op := range operations() {
		subs = append(subs, operationCommand(a, op))
	}
	c := family("analyze RUN OP", "compute on a recording", groupRecordings, subs...)
	c.Args = func(_ *cobra.Command, args []string) error { return knownOperation(a, args) }
	c.RunE = func(*cobra.Command, []string) error {
		return usageError(fmt.Errorf("%s analyze: a recording and an operation are missing", a.name), "the operations are "+strings.Join(operationNames(), ", "))
	}
	c.Long = `Compute on the streams of a recording. Values are in the channel's unit, and
nothing is computed over a gap. Memory does not grow with the recording, which
is only read and may still be recorded: --follow goes on with what comes.`
	return c
}

// meantOperations leads from words for what operations find to their names.
var meantOperations = map[string]string{
	"frequency": "measure", "period": "measure", "duty": "measure", "rise": "measure", "phase": "measure", "delay": "measure", "amplitude": "measure",
	"mean": "stats", "rms": "stats", "std": "stats", "min": "stats", "max": "stats", "minmax": "stats", "percentile": "stats",
	"fft": "psd", "spectrum": "psd", "welch": "psd", "noise": "psd", "stft": "spectrogram", "waterfall": "spectrogram",
	"lowpass": "filter", "highpass": "filter", "bandpass": "filter", "notch": "filter", "butter": "filter", "decimate": "resample", "downsample": "resample",
	"correlate": "xcorr", "correlation": "xcorr", "autocorrelation": "xcorr", "glitch": "events", "runt": "events", "dropout": "events", "trigger": "events",
	"hist": "histogram", "find_peaks": "peaks", "mask": "events",
}

func operationNames() []string {
	var names []string
	for _, op := range operations() {
		names = append(names, op.name)
	}
	return names
}

// knownOperation refuses what is not an operation.
func knownOperation(a *app, args []string) error {
	if len(args) == 0 {
		return nil
	}
	names := operationNames()
	all := "the operations are " + strings.Join(names, ", ")
	if _, err := a.findRun(args[0]); err == nil {
		return usageError(fmt.Errorf("%s analyze %s: an operation is missing", a.name, args[0]), all)
	}
	advice := didYouMean(args[0], names)
	if op := meantOperations[strings.ToLower(args[0])]; op != "" {
		advice = fmt.Sprintf("%s has that: %s analyze RUN %s", op, a.name, op)
	}
	if advice == "" {
		advice = all
	}
	return usageError(fmt.Errorf("there is no operation %q", args[0]), advice)
}

// runBeforeOperation turns "analyze RUN psd" into "analyze psd RUN", which is how subcommands are found. Both may be written.
func runBeforeOperation(args []string) []string {
	if len(args) < 3 || args[0] != "analyze" {
		return args
	}
	names := operationNames()
	if slices.Contains(names, args[1]) && !slices.Contains(names, args[2]) {
		return args
	}
	at := slices.IndexFunc(args[2:], func(arg string) bool { return slices.Contains(names, arg) })
	if at < 0 && strings.HasPrefix(args[2], "-") {
		return args
	}
	at = 2 + max(at, 0) // what stands where an operation does is told of
	out := slices.Insert(slices.Delete(slices.Clone(args), at, at+1), 1, args[at])
	return out
}

func operationCommand(a *app, op operation) *cobra.Command {
	var o analyzeOptions
	c := &cobra.Command{
		Use:     op.name + " RUN",
		Short:   op.short,
		Long:    op.long,
		Example: "  " + a.name + " analyze RUN " + op.name + " " + op.example,
		Args:    takes(1, 1),
	}
	f := c.Flags()
	f.StringArrayVar(&o.Streams, "stream", nil, "look at this `STREAM`, a device's, those a pattern such as 'cell.*' names, or a pin of a digital port, as in cell.D3; may be repeated (default all)")
	f.StringVar(&o.from, "from", "", placeUsage+"; in block modes a sample is the number of a waveform")
	f.StringVar(&o.until, "until", "", "end before this `PLACE`")
	f.BoolVar(&o.volts, "volts", false, "compute with volts at the tip of the probe instead of the channel's unit")
	f.BoolVar(&o.counts, "counts", false, "compute with the stored counts")
	f.BoolVar(&o.Damaged, "damaged", false, "look at samples that are annotated as damaged or unverified too")
	f.BoolVar(&o.follow, "follow", false, "go on with what a run that records brings, until it is sealed or Ctrl-C")
	endings := analyze.TableEndings()
	if op.signal {
		endings = analyze.SignalEndings()
	}
	f.StringVar(&o.to, "to", "", "write the result to this `FILE` too: "+strings.Join(endings, ", "))
	f.BoolVar(&o.force, "force", false, "replace files that are there already")
	f.BoolVar(&o.manyRows, "many-rows", false, fmt.Sprintf("write more than %s rows of text", formatCount(mostRows)))
	f.BoolVar(&o.json, "json", false, "print one JSON document; with --follow a line each time something is new: the new rows of peaks and events, of others all there is")
	if op.drawn {
		f.StringVar(&o.picture, "plot", "", "draw the result to this `FILE`, .png or .svg")
	}
	build := op.flags(&flagSet{f})
	c.SetUsageTemplate(strings.ReplaceAll(strings.ReplaceAll(c.UsageTemplate(), ".FlagUsages ", ".FlagUsagesWrapped 80 "),
		"{{.UseLine}}", a.name+" analyze RUN "+op.name+" [flags]"))
	c.RunE = func(c *cobra.Command, args []string) error {
		made, err := build(&o)
		if err != nil {
			return usageError(err, "")
		}
		err = runAnalyze(c.Context(), a, args[0], op, made, &o)
		if rows := new(outfile.RowsError); !errors.As(err, &rows) || !a.agrees(c.Context(), manyRowsQuestion(rows, rows.Rows)) {
			return err
		}
		o.manyRows = true
		if made, err = build(&o); err != nil {
			return usageError(err, "")
		}
		return runAnalyze(c.Context(), a, args[0], op, made, &o)
	}
	return c
}

// mostRows is how many rows of text may be written; 0: any number.
func (o *analyzeOptions) mostRows() int64 {
	if o.manyRows {
		return 0
	}
	return mostRows
}

// prepare turns flags into a selection.
func (o *analyzeOptions) prepare() error {
	var err error
	o.Quantity, err = quantityOf(o.volts, o.counts)
	return err
}

func runAnalyze(ctx context.Context, a *app, run string, op operation, made analyze.Operation, o *analyzeOptions) error {
	if err := o.prepare(); err != nil {
		return err
	}
	dir, err := a.findRun(run)
	if err != nil {
		return err
	}
	if o.From, o.Until, err = boundsOf(dir, o.from, o.until); err != nil {
		return err
	}
	if o.to != "" && !op.signal {
		if err := checkTableFile(o.to, o.force); err != nil {
			return analyzeFailure(a, err)
		}
	}
	if err := o.checkPicture(); err != nil {
		return analyzeFailure(a, err)
	}
	o.swept = append(o.swept, sweptBeside(o.to, o.picture)...)
	opening := recording.OpenOptions{Damaged: o.Damaged}
	var t *analyze.Table
	var damage error
	teller := &followTeller{a: a, dir: dir, json: o.json}
	if o.follow {
		o.Progress = a.tellSamples(time.Now)
		t, err = analyze.Follow(ctx, dir, opening, o.Selection, made, analyze.Following{Tell: func(t *analyze.Table) error { return teller.tell(ctx, t) }})
	} else {
		t, damage, err = analyzeOnce(ctx, a, dir, opening, made, o)
	}
	a.screen.clear()
	if err != nil {
		return analyzeFailure(a, err)
	}
	t.Notes = append(t.Notes, o.swept...)
	if o.follow {
		ctx = context.WithoutCancel(ctx) // Ctrl-C ended the following, and what there is is still wanted
	}
	err = o.tell(ctx, a, dir, op, t, teller)
	return errors.Join(err, damage)
}

// tell writes, draws and prints a result.
func (o *analyzeOptions) tell(ctx context.Context, a *app, dir string, op operation, t *analyze.Table, teller *followTeller) error {
	if o.to != "" && !op.signal {
		if err := analyze.CheckRows(o.to, int64(t.Rows), o.mostRows()); err != nil {
			return analyzeFailure(a, err)
		}
		write := t.Write
		if o.force {
			write = t.Replace
		}
		if err := write(ctx, o.to); err != nil {
			return analyzeFailure(a, err)
		}
	}
	if o.picture != "" {
		if err := o.savePicture(ctx, dir, recording.OpenOptions{Damaged: o.Damaged}, t); err != nil {
			return plotFailure(a, err)
		}
	}
	to := o.to
	if op.signal { // its table lists the files
		to = ""
	}
	switch {
	case o.follow:
		return teller.end(ctx, t, to, o.picture)
	case o.json:
		return tellJSON(ctx, a, dir, t, 0, true)
	}
	return printAnalysis(a, t, to, o.picture)
}

// analyzeOnce does an operation with a recording as it is, and tells of what is damaged, which makes the exit code.
func analyzeOnce(ctx context.Context, a *app, dir string, opening recording.OpenOptions, made analyze.Operation, o *analyzeOptions) (t *analyze.Table, damage, err error) {
	r, err := recording.OpenWith(dir, opening)
	if err != nil {
		return nil, nil, err
	}
	o.Progress = lean(a.tellSamples(time.Now))
	if t, err = analyze.Run(ctx, r, o.Selection, made); err != nil {
		return nil, nil, err
	}
	if note := clocksNote(a, r, made, o.Streams); note != "" {
		t.Notes = append(t.Notes, note)
	}
	return t, a.tellDamage(r), nil
}

func checkTableFile(name string, replace bool) error {
	if _, _, err := outfile.Split(name, analyze.TableEndings()); err != nil {
		return err
	}
	return outfile.Allowed(name, replace)
}

// analyzeFailure adds to an error what can be done about it.
func analyzeFailure(a *app, err error) error {
	var (
		format  *outfile.FormatError
		option  *analyze.OptionError
		digital *analyze.DigitalError
		stream  *series.StreamError
		pattern *series.PatternError
		exists  *outfile.ExistsError
		folder  *outfile.FolderError
		damaged *recording.DamagedError
		missing *series.MissingError
		short   *analyze.ShortError
		design  *filter.DesignError
		settle  *filter.SettleError
		factors *resample.FactorError
		pending *peaks.PendingError
		rows    *outfile.RowsError
		memory  *spectrum.MemoryError
	)
	if full := diskFailure(err); full != nil {
		return full
	}
	switch {
	case errors.As(err, &design), errors.As(err, &settle), errors.As(err, &factors):
		return usageError(err, "")
	case errors.As(err, &rows):
		return usageError(err, "--many-rows writes them; --from and --until choose fewer, and .npy is smaller and faster")
	case errors.As(err, &pending):
		return &failure{err: err, advice: "--window bounds how far the bases of a peak are looked for"}
	case errors.As(err, &memory):
		return usageError(err, "--average mean takes the same memory for any length; --overlap 0, or less between --from and --until, has fewer segments")
	case errors.As(err, &stream):
		return unknownStream(err, stream)
	case errors.As(err, &format), errors.As(err, &option), errors.As(err, &pattern), errors.As(err, &short):
		return usageError(err, "")
	case errors.As(err, &digital):
		return usageError(err, fmt.Sprintf("choose one of its pins, as in --stream %s, or the other streams", digital.Pin))
	case errors.As(err, &exists):
		return usageError(err, "choose another name, or replace it with --force")
	case errors.As(err, &folder):
		return usageError(err, "make it first, or choose another one")
	case errors.As(err, &missing), errors.As(err, &damaged):
		return &failure{cause: causeDamage, err: err, advice: a.name + " verify says more; --from and --until leave that out, --damaged looks at it as it is"}
	case errors.Is(err, series.ErrEmpty):
		return usageError(err, "see what there is with inspect")
	case errors.Is(err, convert.ErrNoVolts):
		return usageError(err, "leave --volts out, or choose other streams with --stream")
	}
	return err
}
