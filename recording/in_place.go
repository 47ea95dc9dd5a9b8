package recording

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// errChanged says that samples that were written are not in their file any more.
var errChanged = errors.New("the file was changed by something else")

// probeBytes is how much of a file's end is remembered from one sync to the next.
const probeBytes = 4 << 10

// fileWatch notices that a data file was deleted, replaced, shortened or overwritten by somebody else while it is recorded. The syncer owns it.
type fileWatch struct {
	at    int64  // byte in the file
	probe []byte // what is there
	buf   []byte
	moved bool // the name is another file's, or nobody's
	lost  bool // and the file is not made again
	again bool // what was made of the samples is not of those that are there
	after bool // the sync before has found a change: what was behind it then may be gone too

	copy   File  // what the file is made again in, as far as copied; nil: it is not
	copied int64 // bytes
}

// watchFile looks at a file behind its sync. It returns [errChanged] when samples are gone, and tells of a file that is not to be found by its name any more: the
// segment ends then, and the file is made again from what is open when that is complete, before the journal says so. What cannot be looked at is for the calls that
// have to do with the disk.
func (d *DeviceWriter) watchFile(ctx context.Context, f *streamFile) error {
	w := &f.sync.watch
	end := (f.sync.target.n - f.start) * f.itemSize
	if !w.moved && !f.inPlace(end) {
		d.tellMoved(f, end)
	}
	if w.moved && f.seg.sync.complete && end <= putBackMax {
		if _, err := d.putBack(ctx, f, end, end); err != nil {
			return err
		}
	}
	changed := !f.unchanged(end)
	f.probe(end)
	if w.lost || w.after {
		w.after = false
		return errChanged
	}
	if changed {
		w.again, w.after = true, true
		d.askClose(f.seg)
		d.warn(fmt.Sprintf("%s was changed by something else while it was recorded: its segment ends, and its samples so far are annotated as unverified", f.base+ExtData))
		return errChanged
	}
	return nil
}

// tellMoved tells that a file of so many bytes is not to be found by its name, and what becomes of it.
func (d *DeviceWriter) tellMoved(f *streamFile, size int64) {
	w := &f.sync.watch
	w.moved = true
	d.askClose(f.seg)
	text := fmt.Sprintf("%s was deleted or replaced by something else while it was recorded", f.base+ExtData)
	if err := f.copyable(size); err != nil {
		w.lost = true
		d.warn(fmt.Sprintf("%s, and %v: its segment ends, and its samples are unverified", text, err))
		return
	}
	d.warn(text + ": its segment ends, and the file is made again from what is still open")
}

// warn notes an event, and tells it to who asked for the sync.
func (d *DeviceWriter) warn(text string) {
	d.warnings = append(d.warnings, text)
	// An event that cannot be noted does not keep samples from being recorded.
	_ = d.run.Event(Event{Kind: EventWarning, Device: d.info.Name, Text: text})
}

// askClose asks the drainer to go on in a new segment.
func (d *DeviceWriter) askClose(seg *segment) {
	if n := int64(seg.number) + 1; d.closeSeg.Load() < n {
		d.closeSeg.Store(n)
	}
}

// inPlace tells whether the file has its name, or another with the same end has: on some file systems a file does not look the same each time.
func (f *streamFile) inPlace(end int64) bool {
	same, err := f.f.At(f.path(ExtData))
	if same || err != nil {
		return true
	}
	g, err := f.fsys.OpenFile(f.path(ExtData), os.O_RDONLY, 0)
	if err != nil {
		return false // it is gone, or no plain file
	}
	defer g.Close()
	from := max(end-probeBytes, 0)
	a, errA := readRange(f.f, from, end)
	b, errB := readRange(g, from, end)
	return errA != nil || errB == nil && bytes.Equal(a, b)
}

// unchanged tells whether the file is as long as it was, and the end of what the sync before has seen is what it was.
func (f *streamFile) unchanged(end int64) bool {
	if size, err := f.f.Size(); err == nil && size < end {
		return false
	}
	w := &f.sync.watch
	if len(w.probe) == 0 || w.at+int64(len(w.probe)) > end {
		return true
	}
	w.buf = w.buf[:len(w.probe)]
	_, err := f.f.ReadAt(w.buf, w.at)
	return err != nil || bytes.Equal(w.buf, w.probe)
}

// probe remembers the end of the file. What is zero all over tells nothing of a file that was shortened and has grown again: then the place before stays, if it is
// as it was.
func (f *streamFile) probe(end int64) {
	w := &f.sync.watch
	if w.buf == nil {
		w.buf, w.probe = make([]byte, probeBytes), make([]byte, 0, probeBytes)
	}
	from := max(end-probeBytes, 0)
	n, err := f.f.ReadAt(w.buf[:end-from], from)
	if err != nil && !errors.Is(err, io.EOF) {
		return
	}
	p := w.buf[:n]
	if len(bytes.Trim(p, "\x00")) > 0 {
		w.at, w.probe = from, append(w.probe[:0], p...)
	}
}

func readRange(f File, from, to int64) ([]byte, error) {
	p := make([]byte, to-from)
	if n, err := f.ReadAt(p, from); n < len(p) {
		return nil, firstError(err, io.ErrUnexpectedEOF)
	}
	return p, nil
}
