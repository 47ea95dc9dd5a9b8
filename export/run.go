package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// batchSamples is how many samples of each stream are read at a time.
const batchSamples = 1 << 16

// Run exports a recording. The errors are those of this package, [context.Canceled], [*recording.DamagedError] in front of samples that are
// damaged, and those of files; with an error nothing is left behind.
func Run(ctx context.Context, r *recording.Recording, o Options) (Result, error) {
	var result Result
	if err := o.check(); err != nil {
		return result, err
	}
	f, base, err := formatOf(o.To)
	if err != nil {
		return result, err
	}
	gone := vanished(r, o.Streams)
	if len(gone) > 0 && !o.Damaged {
		return result, gone[0]
	}
	streams, err := series.Choose(r, o.Streams)
	if err != nil {
		return result, err
	}
	list, err := tables(streams, o.Quantity, f.together)
	if err != nil {
		return result, err
	}
	for _, t := range list {
		t.began = series.Began(r, t.device)
	}
	pieces, err := layOut(list, &o, f)
	if err != nil {
		if gaps := new(*GapsError); errors.As(err, gaps) && f.blanks && (*gaps).Gap != nil {
			(*gaps).CanFill = true
		}
		return result, err
	}
	names := nameFiles(list, pieces, base, f.ending)
	w := &job{o: &o, format: f, ctx: ctx, plan: readPlan(r)}
	for _, p := range pieces {
		w.total += p.samples()
	}
	defer w.undo()
	for _, name := range names {
		if err := outfile.Check(name); err != nil {
			return result, err
		}
	}
	for _, p := range pieces {
		if f.fits == nil {
			break
		}
		if err := f.fits(&o, headerOf(p)); err != nil {
			return result, err
		}
	}
	for i, p := range pieces {
		file, err := w.file(names[i], p)
		if err != nil {
			return result, fmt.Errorf("export to %s: %w", names[i], removedMeanwhile(r, p.table, err))
		}
		result.Files = append(result.Files, file)
	}
	w.finished = true
	result.Notes = append(notes(r, list), w.notes...)
	for _, e := range gone {
		result.Notes = append(result.Notes, e.Error())
	}
	return result, nil
}

// vanished tells of streams that were chosen and of which nothing is left but what run.json says.
func vanished(r *recording.Recording, patterns []string) []*MissingError {
	var list []*MissingError
	for _, m := range r.Missing() {
		if m.File == "" && (len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool { is, err := path.Match(p, m.Stream); return is && err == nil })) {
			list = append(list, &MissingError{Stream: m.Stream, Samples: m.To - m.From})
		}
	}
	return list
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
		if s := now.Stream(c.Stream.Name()); s != nil && s.NotKept() > c.Stream.NotKept() {
			return &RemovedError{c.Stream.Name()}
		}
	}
	return err
}

// layOut settles what goes into which file.
func layOut(list []*table, o *Options, f format) ([]piece, error) {
	var all []piece
	var rows int64
	for _, t := range list {
		pieces, err := t.pieces(o)
		if err != nil {
			return nil, err
		}
		for _, p := range pieces {
			n := p.to - p.from
			if t.waveform > 0 {
				n *= t.waveform
			}
			rows += n
		}
		if i := slices.IndexFunc(all, func(p piece) bool { return p.table.device == t.device && p.table.era != t.era }); i >= 0 && len(pieces) > 0 && o.Gaps != Split {
			return nil, &GapsError{Stream: t.columns[0].Stream.Name(), DeviceIndex: t.columns[0].Spans[0].Device}
		}
		all = append(all, pieces...)
	}
	switch {
	case len(all) == 0:
		return nil, ErrEmpty
	case f.text && o.MaxRows > 0 && rows > o.MaxRows:
		return nil, &RowsError{rows, o.MaxRows}
	}
	return all, nil
}

// samples counts what is read for a piece.
func (p piece) samples() int64 {
	n := (p.to - p.from) * int64(len(p.table.columns))
	if p.table.waveform > 0 {
		n *= p.table.waveform
	}
	return n
}

// nameFiles names the files: as asked for when there is one, else with the stream or device, and the number of the piece, before the ending.
func nameFiles(list []*table, pieces []piece, base, ending string) []string {
	count := map[string]int{}
	for _, p := range pieces {
		count[p.table.name(list)]++
	}
	done := map[string]int{}
	names := make([]string, len(pieces))
	for i, p := range pieces {
		name, table := base, p.table.name(list)
		if len(count) > 1 {
			name += "." + table
		}
		if done[table]++; count[table] > 1 {
			name += fmt.Sprintf("-%04d", done[table])
		}
		names[i] = filepath.Clean(name + ending)
	}
	return names
}

// name tells a table from the others: its stream, or its device, with the ratio where the device has several.
func (t *table) name(list []*table) string {
	if len(t.columns) == 1 {
		return t.columns[0].Stream.Name()
	}
	others := slices.ContainsFunc(list, func(o *table) bool { return o.device == t.device && o.interval != t.interval && o.era == t.era })
	if others {
		return fmt.Sprintf("%s.x%d", t.device, t.columns[0].Global.Ratio)
	}
	return t.device
}

// notes tells what a file does not show.
func notes(r *recording.Recording, list []*table) []string {
	var out []string
	var hidden bool
	for _, t := range list {
		for _, c := range t.columns {
			hidden = hidden || c.Stream.NotKept() > 0
		}
		out = append(out, t.lacking...)
	}
	if hidden {
		out = append(out, "samples that the plan did not keep were removed; they are not in the export")
	}
	if run := r.Run(); run != nil && run.State == recording.StateRecording {
		out = append(out, "the run is not sealed: the export ends where it is synced")
	}
	return out
}
