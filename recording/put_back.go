package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// A file of up to putBackMax bytes is made again at once, before the seal line is written; a larger one behind it, some with each sync, as nothing of the device is
// synced meanwhile. Tests lower them.
var (
	putBackMax   = int64(1 << 30)
	putBackPiece = int64(64 << 20)
)

// putBackRoom is left of the room that the run may use when a file is made again, for what is recorded meanwhile.
const putBackRoom = 64 << 20

var (
	errNoRoom = errors.New("there is no room for a copy")
	errSlow   = errors.New("copying it takes too long")
)

// copyable tells what is in the way of a copy, of which so many bytes are missing.
func (f *streamFile) copyable(left int64) error {
	if free, err := f.fsys.FreeSpace(f.dir); err == nil && free-f.run.keepFree-left < putBackRoom {
		return errNoRoom
	}
	return nil
}

// putBack makes a file of so many bytes again under its name when that is another file's by now, or nobody's, from what is open. The segment is complete. It goes on
// with at most so many bytes, and tells whether nothing is left to do. It is tried once: what fails gives the file up, and is told. The error is that of ctx; then
// nothing is given up yet.
func (d *DeviceWriter) putBack(ctx context.Context, f *streamFile, size, most int64) (bool, error) {
	w := &f.sync.watch
	if w.lost || w.copy == nil && f.inPlace(size) {
		return true, nil
	}
	if !w.moved {
		if d.tellMoved(f, size); w.lost {
			return true, nil
		}
	}
	err := f.copyable(size - w.copied)
	if err == nil && size > most && d.unhashed() > maxUnhashed {
		err = errSlow // the number of open files stays bounded
	}
	if err == nil {
		err = f.makeAgain(ctx, size, most)
	}
	if err != nil && ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		w.lost = true
		f.dropCopy()
		d.warn(fmt.Sprintf("%s cannot be made again: %v; its samples are unverified", f.base+ExtData, err))
	}
	return w.copy == nil, nil
}

// putBackSealed is [DeviceWriter.putBack] for the files of a segment whose seal line is written: the journal does not tell of samples that are given up only now.
func (d *DeviceWriter) putBackSealed(ctx context.Context, seg *segment) (bool, error) {
	for _, f := range seg.sync.files {
		s := &f.sync
		if s.sealed || s.watch.lost {
			continue
		}
		whole, err := d.putBack(ctx, f, (s.done.n-f.start)*f.itemSize, putBackPiece)
		if s.watch.lost {
			f.doubtSealed()
		}
		if !whole || err != nil {
			return false, err
		}
	}
	return true, nil
}

// makingAgain tells whether a file is made again that is not complete yet.
func (d *DeviceWriter) makingAgain() bool {
	for _, seg := range d.live {
		for _, f := range seg.sync.files {
			if seg.sync.journaled && f.sync.watch.copy != nil {
				return true
			}
		}
	}
	return false
}

// doubtSealed counts the samples of a file whose seal line is written as unverified.
func (f *streamFile) doubtSealed() {
	s := &f.sync
	n := s.done.n - s.start - s.doubted
	s.doubted += n
	f.stream.unverified.Add(n)
}

// voidSealed tells that a file whose seal line is written does not hold what was written to it, and that nothing else does.
func (d *DeviceWriter) voidSealed(f *streamFile) {
	if w := &f.sync.watch; !w.lost {
		w.lost = true
		f.doubtSealed()
		d.warn(fmt.Sprintf("%s was deleted, replaced or changed by something else before its segment was sealed; its samples are unverified", f.base+ExtData))
	}
}

// makeAgain goes on copying the file to a new one, which takes the name when it is complete.
func (f *streamFile) makeAgain(ctx context.Context, size, most int64) (err error) {
	w := &f.sync.watch
	temp := f.run.path(TempName(f.base + ExtData))
	if w.copy == nil {
		if w.copy, err = f.fsys.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644); err != nil {
			w.copy = nil
			return err
		}
	}
	to := w.copied + min(most, size-w.copied)
	if err := copyFile(ctx, w.copy, f.f, w.copied, to); err != nil {
		return err
	}
	if w.copied = to; to < size {
		return nil
	}
	if err := w.copy.DataSync(); err != nil {
		return err
	}
	g := w.copy
	w.copy, w.copied = nil, 0
	if err = g.Close(); err == nil { // some systems rename no file that is open
		err = f.fsys.Rename(temp, f.path(ExtData))
	}
	if err != nil {
		_ = f.fsys.Remove(temp) // else it is removed with the other temporary files
		return err
	}
	if g, err = f.fsys.OpenFile(f.path(ExtData), os.O_RDWR, 0o644); err != nil {
		return nil // what was open before has the same bytes
	}
	old := f.f
	f.f = g
	f.rehash(size)
	_ = old.Close() // nobody finds it any more
	return nil
}

// dropCopy ends a copy that is not complete.
func (f *streamFile) dropCopy() {
	w := &f.sync.watch
	if w.copy == nil {
		return
	}
	_ = errors.Join(w.copy.Close(), f.fsys.Remove(f.run.path(TempName(f.base+ExtData)))) // what stays is removed with the other temporary files
	w.copy, w.copied = nil, 0
}

// rehash lets the SHA-512 go on in the file that has taken the place of the one before, unless it is known, or not wanted any more.
func (f *streamFile) rehash(size int64) {
	if f.hash == nil {
		return
	}
	f.run.hash.forget(f.hash)
	f.hash = nil
	if f.sync.meta.Global.SHA512 == "" {
		f.hash = f.run.hash.add(f.f)
		f.run.hash.grown(f.hash, size)
	}
}

// copyFile copies bytes of a file to the same place of another. Little of them waits in the cache.
func copyFile(ctx context.Context, to, from File, at, end int64) error {
	buf := make([]byte, min(end-at, 256<<10))
	for back := at; at < end; {
		if err := ctx.Err(); err != nil {
			return err
		}
		p := buf[:min(end-at, int64(len(buf)))]
		if n, err := from.ReadAt(p, at); n < len(p) {
			return firstError(err, io.ErrUnexpectedEOF)
		}
		if _, err := to.WriteAt(p, at); err != nil {
			return err
		}
		if at += int64(len(p)); at-back >= windowBytes || at == end {
			if err := to.WriteBack(back, at-back, true); err != nil {
				return err
			}
			back = at
		}
	}
	return nil
}
