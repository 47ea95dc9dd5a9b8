package export

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// batchSamples is how many samples of each stream are read at a time.
const batchSamples = 1 << 16

// job writes the files of one export.
type job struct {
	ctx         context.Context
	r           *recording.Recording
	o           *Options
	format      format
	done, total int64
	values      [][]float64
	labels      *series.Labels
	result      Result
}

func newJob(ctx context.Context, r *recording.Recording, o *Options, f format, pieces []piece) *job {
	j := &job{ctx: ctx, r: r, o: o, format: f, labels: series.ReadLabels(r.Dir())}
	for _, p := range pieces {
		j.total += p.samples()
	}
	return j
}

// files writes all files, or none, but for those that have replaced others by then.
func (j *job) files(names []string, pieces []piece) (Result, error) {
	for i, p := range pieces {
		file, err := j.file(names[i], p)
		if err != nil {
			for _, f := range j.result.Files {
				if !j.o.Replace { // else it has replaced another one, and is complete
					os.Remove(f.Path)
				}
			}
			return Result{}, removedMeanwhile(j.r, p.table, err)
		}
		j.result.Files = append(j.result.Files, file)
	}
	return j.result, nil
}

// file writes one file: under another name first, so that what has the name is complete.
func (j *job) file(name string, p piece) (File, error) {
	h := headerOf(p)
	h.labels = j.labels
	out := File{Path: name, Rows: h.rows, Waveform: h.waveform, Interval: h.interval, From: h.from, Start: h.start}
	for _, c := range h.columns {
		out.Streams, out.Unit = append(out.Streams, c.Stream.Name()), append(out.Unit, c.Unit())
	}
	pending, err := begin(name, j.o.Replace)
	if err != nil {
		return out, err
	}
	defer pending.Discard()
	w := newOutput(j.o.sinkOf(pending))
	out.tellLosses(p)
	err = j.fill(h, p, w, &out.Missing)
	if failed := w.end(); failed != nil {
		err = failed // the cause of what an encoder says
	}
	if err != nil {
		return out, fmt.Errorf("export to %s: %w", name, err)
	}
	if err := pending.Commit(); err != nil {
		return out, err
	}
	for _, n := range h.notes {
		if !slices.Contains(j.result.Notes, n) {
			j.result.Notes = append(j.result.Notes, n)
		}
	}
	out.Bytes = w.bytes
	return out, nil
}

// begin begins a file, in the place of one that may be there where that is wanted.
func begin(name string, replace bool) (*outfile.Pending, error) {
	if !replace {
		return outfile.Begin(name)
	}
	f, err := outfile.Replace(name)
	if err != nil {
		return nil, err
	}
	return f.Pending, nil
}

// fill writes the content.
func (j *job) fill(h *header, p piece, w *output, missing *int64) error {
	e, err := j.format.create(j.o, h, w)
	if err != nil {
		return err
	}
	if h.waveform == 0 {
		for at := p.from; at < p.to; {
			n := min(p.to-at, batchSamples)
			b := j.batch(h, n)
			b.index = at
			for i, c := range h.columns {
				lost, err := c.reader.Read(b.values[i], at)
				if err != nil {
					return err
				}
				*missing += lost
				c.blanks(b.values[i], lost)
			}
			if err := j.pass(e, b); err != nil {
				return err
			}
			at += n
		}
		return e.end()
	}
	for k := range p.waves {
		for at := int64(0); at < h.waveform; {
			n := min(h.waveform-at, batchSamples)
			b := j.batch(h, n)
			b.index, b.wave = at, &p.waves[k]
			for i, c := range h.columns {
				s := &c.Spans[b.wave.Spans[i]]
				if err := c.reader.ReadSpan(b.values[i], s, s.Stream+at); err != nil {
					return err
				}
				c.blanks(b.values[i], 0)
			}
			if err := j.pass(e, b); err != nil {
				return err
			}
			at += n
		}
	}
	return e.end()
}

// batch returns memory for n samples of each column.
func (j *job) batch(h *header, n int64) *batch {
	for len(j.values) < len(h.columns) {
		j.values = append(j.values, make([]float64, batchSamples))
	}
	b := &batch{values: make([][]float64, len(h.columns))}
	for i := range b.values {
		b.values[i] = j.values[i][:n]
	}
	return b
}

// pass gives a batch to the encoder and tells of it.
func (j *job) pass(e encoder, b *batch) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	if err := e.write(b); err != nil {
		return err
	}
	j.done += int64(len(b.values) * len(b.values[0]))
	if j.o.Progress != nil {
		j.o.Progress(j.done, j.total)
	}
	return nil
}
