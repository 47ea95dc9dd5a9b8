package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/export"
	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// mostRows is how many rows of text export writes without being told that so many are wanted.
const mostRows = 10_000_000

// exportOptions are the flags of export.
type exportOptions struct {
	export.Options
	from, until   string
	gaps          string
	volts, counts bool
	manyRows      bool
	json          bool
}

func exportCommand(a *app) *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use:   "export RUN --to FILE",
		Short: "write samples for other programs",
		Long: `Write the samples of a recording in another format, which the ending of FILE
chooses:

  .npy      NumPy; a file a stream, waveforms x samples for block modes
  .csv      a table; the streams of a device side by side
  .f32      float32 without a header; a file a stream
  .wav      sound; streams as channels, float32 as they are
  .mat      MATLAB 5 with PicoScope's names (A, Tstart, Tinterval, Length)
  .vcd      value change dump: pins as wires, other streams as reals
  .sr       session of sigrok and PulseView
  .parquet  DuckDB, pandas, Spark; a row a sample
  .h5       HDF5; a dataset a stream

Values are in the channel's unit: scale, offset and equation of the plan are
applied. Where one file cannot hold everything, stream and number stand before
the ending. Nothing that exists is replaced without --force, and the recording
is not changed.`,
		Example: "  export soak --to a.npy --stream cell.A --from 90s\n" +
			"  export soak --to a.csv --stream 'cell.*' --until 1000\n" +
			"  export soak --to a.mat --gaps fill",
		GroupID: groupRecordings,
		Args:    takes(1, 1),
		RunE:    func(c *cobra.Command, args []string) error { return runExport(c.Context(), a, args[0], o) },
	}
	f := c.Flags()
	f.StringVar(&o.To, "to", "", "write this `FILE`; needed")
	f.StringArrayVar(&o.Streams, "stream", nil, "export this `STREAM`, a device's, those a pattern such as 'cell.*' names, or a pin of a digital port, as in cell.D3; may be repeated (default all)")
	f.StringVar(&o.from, "from", "", placeUsage+"; in block modes a sample is the number of a waveform")
	f.StringVar(&o.until, "until", "", "end before this `PLACE`")
	f.BoolVar(&o.volts, "volts", false, "write volts at the tip of the probe instead of the channel's unit")
	f.BoolVar(&o.counts, "counts", false, "write the stored counts")
	f.StringVar(&o.gaps, "gaps", string(export.Refuse), "where samples were lost: refuse, split (a file each) or fill (NaN, empty cells, null)")
	f.BoolVar(&o.Float32, "float32", false, "write values with single precision, which halves the size of .npy, .parquet and .h5")
	f.BoolVar(&o.Damaged, "damaged", false, "write samples that are annotated as damaged or unverified too, and what is left where files have lost some")
	f.BoolVar(&o.manyRows, "many-rows", false, fmt.Sprintf("write more than %s rows of text", formatCount(mostRows)))
	f.BoolVar(&o.UTC, "utc", false, "write the moment of each sample into .csv too, in UTC; .parquet always has it")
	f.BoolVar(&o.Replace, "force", false, "replace files that are there already")
	f.BoolVar(&o.json, "json", false, "print one JSON document")
	return c
}

// exportDocument is what export --json prints.
type exportDocument struct {
	FormatVersion string       `json:"format_version"`
	Dir           string       `json:"dir"`
	Files         []exportFile `json:"files"`
	Notes         []string     `json:"notes"`
}

type exportFile struct {
	Path     string              `json:"path"`
	Streams  []string            `json:"streams"`
	Units    []string            `json:"units"`
	Rows     int64               `json:"rows"` // samples of each stream; in block modes waveforms
	Waveform int64               `json:"waveform_samples,omitempty"`
	Interval recording.Fraction  `json:"sample_interval"`
	From     int64               `json:"from"` // device index of the first sample; in block modes number of the first waveform
	Start    recording.Timestamp `json:"start"`
	Missing  int64               `json:"missing_samples"`
	Least    int64               `json:"missing_min"` // where lengths of gaps are estimated; else both are as many as are missing
	Most     int64               `json:"missing_max"`
	Behind   int64               `json:"missing_behind"` // of these, behind the last sample
	Bytes    int64               `json:"bytes"`
}

func runExport(ctx context.Context, a *app, run string, o exportOptions) error {
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
	r, err := recording.OpenWith(dir, recording.OpenOptions{Damaged: o.Damaged})
	if err != nil {
		return err
	}
	swept := sweptBeside(o.To)
	o.Progress = a.tellSamples(time.Now)
	res, err := export.Run(ctx, r, o.Options)
	if rows := new(outfile.RowsError); errors.As(err, &rows) && a.agrees(ctx, manyRowsQuestion(rows, rows.Rows)) {
		o.MaxRows = 0
		o.Progress = a.tellSamples(time.Now)
		res, err = export.Run(ctx, r, o.Options)
	}
	a.screen.clear()
	if err != nil {
		return exportFailure(a, err)
	}
	res.Notes = append(res.Notes, swept...)
	damage := a.tellDamage(r)
	if o.json {
		err = writeJSON(a.stdout, exportResult(dir, res))
	} else {
		err = printExport(a, res)
	}
	return errors.Join(err, damage)
}

// prepare turns flags into options.
func (o *exportOptions) prepare() error {
	if o.To == "" {
		return usageError(errors.New("export needs --to FILE"), "the ending of FILE chooses the format: "+strings.Join(export.Endings(), ", "))
	}
	var err error
	if o.Quantity, err = quantityOf(o.volts, o.counts); err != nil {
		return err
	}
	switch o.Gaps = export.Gaps(o.gaps); o.Gaps {
	case export.Refuse, export.Split, export.Fill:
	default:
		return usageError(fmt.Errorf("--gaps cannot be %q", o.gaps), "write refuse, split or fill")
	}
	if !o.manyRows {
		o.MaxRows = mostRows
	}
	return nil
}

// exportFailure adds to an error what can be done about it.
func exportFailure(a *app, err error) error {
	var (
		stream  *series.StreamError
		format  *outfile.FormatError
		gaps    *export.GapsError
		fill    *export.FillError
		rows    *outfile.RowsError
		exists  *outfile.ExistsError
		damaged *recording.DamagedError
		missing *series.MissingError
		removed *export.RemovedError
		pattern *series.PatternError
		folder  *outfile.FolderError
		unfit   *export.UnfitError
		option  *export.OptionError
	)
	if full := diskFailure(err); full != nil {
		return full
	}
	switch {
	case errors.As(err, &stream):
		return unknownStream(err, stream)
	case errors.As(err, &format):
		return usageError(err, "")
	case errors.As(err, &unfit):
		return usageError(err, unfit.Advice)
	case errors.As(err, &option):
		return usageError(err, option.Advice)
	case errors.As(err, &gaps):
		return &failure{err: err, advice: gapsAdvice(gaps)}
	case errors.As(err, &fill) && fill.Digital:
		return usageError(err, "choose the streams without digital ports and pins with --stream, or write --gaps split")
	case errors.As(err, &fill):
		return usageError(err, "leave --counts out, or write --gaps split")
	case errors.As(err, &pattern):
		return usageError(err, "")
	case errors.As(err, &folder):
		return usageError(err, "make it first, or choose another one")
	case errors.As(err, &missing):
		return &failure{cause: causeDamage, err: err, advice: a.name + " verify says more; --from and --until leave that out, --damaged writes what is left"}
	case errors.As(err, &removed):
		return &failure{err: err, advice: "begin later, with --from, or export again"}
	case errors.As(err, &rows):
		return usageError(err, "--many-rows writes them; --from and --until choose fewer, and .npy is smaller and faster")
	case errors.As(err, &exists):
		return usageError(err, "choose another name, or replace it with --force")
	case errors.As(err, &damaged):
		return &failure{cause: causeDamage, err: err, advice: "--from and --until leave them out; --damaged writes them as they are"}
	case errors.Is(err, series.ErrEmpty):
		return usageError(err, "see what there is with inspect")
	case errors.Is(err, convert.ErrNoVolts):
		return usageError(err, "leave --volts out, or choose other streams with --stream")
	}
	return err
}

// unitsText joins units. A pin has none.
func unitsText(list []string) string {
	var texts []string
	for _, u := range list {
		texts = append(texts, cmp.Or(u, "-"))
	}
	return strings.Join(texts, ", ")
}

// gapsAdvice says what can be done about gaps.
func gapsAdvice(gaps *export.GapsError) string {
	switch {
	case gaps.Gap == nil:
		return "--gaps split writes a file for each setting"
	case gaps.CanFill:
		return "--gaps split writes a file for each stretch, --gaps fill writes NaN or empty cells; --from and --until choose one"
	}
	return "--gaps split writes a file for each stretch; --from and --until choose one"
}

func exportResult(dir string, res export.Result) exportDocument {
	d := exportDocument{FormatVersion: formatVersion, Dir: dir, Files: []exportFile{}, Notes: append([]string{}, res.Notes...)}
	for _, f := range res.Files {
		d.Files = append(d.Files, exportFile{
			Path: f.Path, Streams: f.Streams, Units: f.Unit, Rows: f.Rows, Waveform: f.Waveform, Interval: f.Interval,
			From: f.From, Start: f.Start, Missing: f.Missing + f.Behind, Least: f.Missing + f.Behind - f.Fewer, Most: f.Missing + f.Behind + f.More, Behind: f.Behind, Bytes: f.Bytes,
		})
	}
	return d
}

func printExport(a *app, res export.Result) error {
	makePrintable(&res)
	t := newTable("FILE", ">ROWS", "UNIT", ">FROM", "START", ">INTERVAL", ">MISSING", ">SIZE")
	for _, f := range res.Files {
		rows := formatCount(f.Rows)
		if f.Waveform > 0 {
			rows += " x " + formatCount(f.Waveform)
		}
		t.add(f.Path, rows, unitsText(f.Unit), formatCount(f.From), formatTime(f.Start.Time()),
			intervalOf(fmt.Sprintf("%d/%d", f.Interval.Num, f.Interval.Den)), missingText(f), formatBytes(f.Bytes))
	}
	var b strings.Builder
	if err := t.write(&b, a.color); err != nil {
		return err
	}
	for _, n := range res.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	return emit(a.stdout, b.String())
}

// missingText tells how many samples are missing in a file and behind it, and how certain that is.
func missingText(f export.File) string {
	n := f.Missing + f.Behind
	if f.Fewer == 0 && f.More == 0 {
		return formatCount(n)
	}
	return fmt.Sprintf("%s (%s to %s)", formatCount(n), formatCount(n-f.Fewer), formatCount(n+f.More))
}
