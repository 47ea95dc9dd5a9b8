package export

import (
	"context"
	"errors"
	"io/fs"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// Run exports a recording. The errors are those of this package, of series and of outfile, [context.Canceled], [*recording.DamagedError] in front of
// samples that are damaged, and those of files; with an error nothing is left behind.
func Run(ctx context.Context, r *recording.Recording, o Options) (Result, error) {
	f, base, err := formatOf(o.To)
	if err != nil {
		return Result{}, err
	}
	if err := o.check(f); err != nil {
		return Result{}, err
	}
	gone := series.Vanished(r, o.Streams)
	if len(gone) > 0 && !o.Damaged {
		return Result{}, gone[0]
	}
	list, err := chosen(r, &o, f)
	if err != nil {
		return Result{}, err
	}
	pieces, err := layOut(list, &o, f)
	if err != nil {
		return Result{}, err
	}
	names := nameFiles(list, pieces, base, o.To[len(base):])
	if err := ready(names, pieces, &o, f); err != nil {
		return Result{}, err
	}
	result, err := newJob(ctx, r, &o, f, pieces).files(names, pieces)
	if err != nil {
		return Result{}, err
	}
	result.Notes = append(notes(r, list), result.Notes...)
	for _, e := range gone {
		result.Notes = append(result.Notes, e.Error())
	}
	return result, nil
}

// chosen sorts the streams that are wanted into tables.
func chosen(r *recording.Recording, o *Options, f format) ([]*table, error) {
	streams, err := series.Choose(r, o.Streams)
	if err != nil {
		return nil, err
	}
	list, err := tables(streams, o.Quantity, f.together)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		t.began = series.Began(r, t.device)
	}
	return list, nil
}

// ready refuses names that cannot be written and what the format cannot hold, before hours are spent on the files before them.
func ready(names []string, pieces []piece, o *Options, f format) error {
	for _, name := range names {
		if err := outfile.Allowed(name, o.Replace); err != nil {
			return err
		}
	}
	if err := singles(o, pieces); err != nil || f.fits == nil {
		return err
	}
	for _, p := range pieces {
		if err := f.fits(o, headerOf(p)); err != nil {
			return err
		}
	}
	return nil
}

// removedMeanwhile returns a [*RemovedError] for an error of a file that is gone because a run that is being recorded has dropped it.
func removedMeanwhile(r *recording.Recording, t *table, err error) error {
	if run := r.Run(); !errors.Is(err, fs.ErrNotExist) || run == nil || run.State != recording.StateRecording {
		return err
	}
	now, openErr := recording.Open(r.Dir())
	if openErr != nil {
		return err
	}
	for _, c := range t.columns {
		if s := now.Stream(c.Stream.Stream.Name()); s != nil && s.NotKept() > c.Stream.NotKept() {
			return &RemovedError{c.Stream.Name()}
		}
	}
	return err
}

// notes tells what a file does not show.
func notes(r *recording.Recording, list []*table) []string {
	var out []string
	var hidden bool
	for _, t := range list {
		for _, c := range t.columns {
			hidden = hidden || c.Stream.NotKept() > 0
		}
		out = append(out, t.notes...)
		for _, c := range t.columns {
			out = append(out, c.tellBlanks()...)
		}
	}
	if hidden {
		out = append(out, "samples that the plan did not keep were removed; they are not in the export")
	}
	if run := r.Run(); run != nil && run.State == recording.StateRecording {
		out = append(out, "the run is not sealed: the export ends where it is synced")
	}
	return out
}
