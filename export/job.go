package export

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
)

// job writes the files of one export.
type job struct {
	ctx         context.Context
	o           *Options
	format      format
	done, total int64
	values      [][]float64
	written     []string // files that are complete
	plan        *recordedPlan
	notes       []string // of the formats
	finished    bool
}

// undo removes what was written, unless the job was finished.
func (j *job) undo() {
	if j.finished {
		return
	}
	for _, name := range j.written {
		os.Remove(name)
	}
}

// file writes one file: under another name first, so that what has the name is complete.
func (j *job) file(name string, p piece) (File, error) {
	h := headerOf(p)
	h.plan = j.plan
	out := File{Path: name, Rows: h.rows, Waveform: h.waveform, Interval: h.interval, From: h.from, Start: h.start}
	for _, c := range h.columns {
		out.Streams, out.Unit = append(out.Streams, c.Stream.Name()), append(out.Unit, c.Unit())
	}
	pending, err := outfile.Begin(name)
	if err != nil {
		return out, err
	}
	defer pending.Discard()
	w := newOutput(j.o.sinkOf(pending.Open()))
	if err := j.fill(h, p, w, &out.Missing); err != nil {
		return out, err
	}
	if err := w.buffer.Flush(); err != nil {
		return out, err
	}
	if err := pending.Commit(); err != nil {
		return out, err
	}
	j.written = append(j.written, name)
	for _, n := range h.notes {
		if !slices.Contains(j.notes, n) {
			j.notes = append(j.notes, n)
		}
	}
	out.Bytes = w.bytes
	return out, nil
}

// headerOf tells what is known of a file before it is written.
func headerOf(p piece) *header {
	t := p.table
	h := &header{
		columns: t.columns, rows: p.to - p.from, complete: true, waveform: t.waveform, interval: t.interval,
		device: t.device, from: p.from, waves: p.waves,
	}
	if len(p.waves) > 0 {
		h.from, h.start = p.waves[0].Number, p.waves[0].Start
		return h
	}
	h.start = t.timeOf(p.from)
	for _, c := range t.columns {
		h.complete = h.complete && c.Complete(p.from, p.to)
	}
	return h
}

// timeOf returns when the sample at a device index was taken.
func (t *table) timeOf(device int64) recording.Timestamp {
	for _, c := range t.columns {
		if at := c.TimeOf(device); at != 0 {
			return at
		}
	}
	return 0
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
		return fmt.Errorf("write: %w", err)
	}
	j.done += int64(len(b.values) * len(b.values[0]))
	if j.o.Progress != nil {
		j.o.Progress(j.done, j.total)
	}
	return nil
}
