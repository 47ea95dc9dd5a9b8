package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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
	finished    bool
}

// output is a file that is being written, under another name.
type output struct {
	*bufio.Writer
	f     *os.File
	bytes int64
}

// Write counts what is written.
func (w *output) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.bytes += int64(n)
	return n, err
}

// absent returns an error when there is something of that name.
func absent(name string) error {
	switch _, err := os.Lstat(name); {
	case err == nil:
		return &ExistsError{name}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return nil
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
	t := p.table
	h := &header{columns: t.columns, rows: p.to - p.from, complete: true, waveform: t.waveform, interval: t.interval}
	out := File{Path: name, Rows: h.rows, Waveform: h.waveform, Interval: h.interval, From: p.from}
	for _, c := range t.columns {
		out.Streams, out.Unit = append(out.Streams, c.Stream.Name()), append(out.Unit, c.Unit())
		h.complete = h.complete && (h.waveform > 0 || c.Complete(p.from, p.to))
	}
	if len(p.waves) > 0 {
		out.From, out.Start = p.waves[0].Number, p.waves[0].Start
	} else {
		out.Start = t.timeOf(p.from)
	}
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.part")
	if err != nil {
		if path := new(*fs.PathError); errors.As(err, path) {
			err = (*path).Err // its path is a name that nobody asked for
		}
		return out, err
	}
	defer os.Remove(temp.Name())
	w := &output{Writer: bufio.NewWriterSize(temp, 1<<18), f: temp}
	if err := j.fill(h, p, w, &out.Missing); err != nil {
		return out, errors.Join(err, temp.Close())
	}
	if err := errors.Join(w.Flush(), temp.Chmod(0o644), temp.Sync(), temp.Close()); err != nil {
		return out, err
	}
	if err := publish(temp.Name(), name); err != nil {
		return out, err
	}
	j.written = append(j.written, name)
	out.Bytes = w.bytes
	return out, nil
}

// publish gives a complete file its name. A file that came in between is not replaced.
func publish(temp, name string) error {
	err := os.Link(temp, name)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return &ExistsError{name}
	}
	// Some file systems have no links.
	if err := absent(name); err != nil {
		return err
	}
	return os.Rename(temp, name)
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
