package recording

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
)

// choose decides between what a data file's name has led to, or why to nothing, and the handle that was open before: where somebody else has deleted or replaced
// the file that handle is all there is of its samples. A disk that was away has another file too, with the same bytes; handles from before do not work then. nil
// without an error: the file is made anew when the journal has turned out to be there.
func (o *reopener) choose(seg *segment, f *streamFile, nf File, err error) (File, error) {
	end := (f.sync.done.n - f.start) * f.itemSize
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case end == 0 && missing:
		o.gone = append(o.gone, f)
		return nil, nil
	case end == 0:
		return nf, err
	case err == nil && f.holds(nf, f.f, end):
		return nf, nil
	case (err == nil || missing || errors.Is(err, ErrNotRegular)) && f.works(end):
		if err == nil {
			_ = nf.Close() // nothing was written to it
		}
		return f.f, nil
	case err != nil && !missing:
		return nil, err
	case missing:
		o.gone = append(o.gone, f)
	}
	if seg.sync.journaled {
		o.void = append(o.void, f) // of the others the next sync finds it
	}
	return nf, nil
}

// end returns where the last of so many bytes are that tell one file from another.
func (f *streamFile) end(size int64) (from, to int64) { return max(size-probeBytes, 0), size }

// works tells whether the open handle still reads what was written.
func (f *streamFile) works(size int64) bool {
	from, to := f.end(size)
	if _, err := readRange(f.f, from, to); err != nil {
		return false
	}
	return f.probed(f.f, size)
}

// holds tells whether a file that was opened by name ends as the old one does, or, where that cannot be read any more, has what is remembered of it.
func (f *streamFile) holds(nf, old File, size int64) bool {
	from, to := f.end(size)
	b, err := readRange(nf, from, to)
	if err != nil {
		return false
	}
	if a, err := readRange(old, from, to); err == nil && f.probed(old, size) {
		return bytes.Equal(a, b)
	}
	return f.probed(nf, size)
}

// probed tells whether a file has what the last sync remembered, as far as it remembered anything.
func (f *streamFile) probed(g File, size int64) bool {
	w := &f.sync.watch
	end := w.at + int64(len(w.probe))
	if len(w.probe) == 0 || end > size {
		return true
	}
	p, err := readRange(g, w.at, end)
	return err == nil && bytes.Equal(p, w.probe)
}

// makeGone makes the files anew of which nothing is left, so that a run does not end with them: the journal has shown that this is the disk they were on.
func (o *reopener) makeGone() error {
	for _, f := range o.gone {
		nf, err := f.fsys.OpenFile(f.path(ExtData), os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return &StreamError{f.name, "make data file", err}
		}
		o.fresh[f] = nf
		if !f.seg.sync.journaled {
			o.intact = o.intact && f.n == f.sync.done.n
		}
	}
	return nil
}
