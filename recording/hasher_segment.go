package recording

import (
	"context"
	"errors"
	"slices"
)

const opHash = "hash"

// onlyHash tells whether an error says that files could not be read for their SHA-512, and nothing else.
func onlyHash(err error) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return !slices.ContainsFunc(joined.Unwrap(), func(e error) bool { return !onlyHash(e) })
	}
	var s *StreamError
	return errors.As(err, &s) && s.Op == opHash
}

// startHasher begins with what the run wants of SHA-512.
func (r *Run) startHasher() {
	if r.file.SHA512 {
		r.hash = newHasher()
	}
}

// endHasher ends it when the devices have: one that hangs in the disk may ask yet.
func (r *Run) endHasher(devs []*DeviceWriter) {
	if r.hash == nil {
		return
	}
	for _, d := range devs {
		select {
		case <-d.ended:
		default:
			return // its goroutine ends with the process
		}
	}
	r.hash.close()
}

// startHash begins with the SHA-512 of the file where the run wants it.
func (f *streamFile) startHash() {
	if h := f.run.hash; h != nil {
		f.hash = h.add(f.f)
	}
}

// hashGrown tells the hasher that samples up to a stream index stay as they are.
func (f *streamFile) hashGrown(n int64) {
	if f.hash != nil {
		f.run.hash.grown(f.hash, (n-f.start)*f.itemSize)
	}
}

// hashed tells whether the SHA-512 of all files of a complete segment is known, which it takes over.
func (d *DeviceWriter) hashed(seg *segment) (bool, error) {
	h := d.run.hash
	if h == nil {
		return true, nil
	}
	whole, failed := true, error(nil)
	for _, f := range seg.sync.files {
		if f.hash == nil || f.sync.meta.Global.SHA512 != "" {
			continue
		}
		if w := &f.sync.watch; w.lost || w.again { // what is in the file is not what was written to it, or it cannot be read
			h.forget(f.hash)
			f.hash = nil
			continue
		}
		sum, ok, err := h.result(f.hash, (f.sync.done.n-f.start)*f.itemSize)
		if err != nil && failed == nil {
			failed = &StreamError{f.name, opHash, err}
		}
		if whole = whole && ok; ok {
			f.sync.meta.Global.SHA512 = sum
		}
	}
	if !whole && d.unhashed() > maxUnhashed {
		for _, f := range seg.sync.files {
			h.forget(f.hash)
			f.hash = nil
		}
		return true, d.run.Event(Event{Kind: EventWarning, Device: d.info.Name, Text: "SHA-512 does not keep up: segments are sealed without it"})
	}
	return whole, failed
}

// unhashed is how many complete segments wait.
func (d *DeviceWriter) unhashed() (n int) {
	for _, seg := range d.live {
		if seg.sync.journaled {
			n++
		}
	}
	return n
}

// awaitHashes waits for the SHA-512 of segments that are complete otherwise. It tells whether there was anything to wait for.
func (d *DeviceWriter) awaitHashes(ctx context.Context) bool {
	if d.run.hash == nil {
		return false
	}
	var files []*fileHash
	for _, seg := range d.live {
		if !seg.sync.journaled {
			return false // something else is in the way
		}
		for _, f := range seg.sync.files {
			if f.hash != nil && f.sync.meta.Global.SHA512 == "" {
				files = append(files, f.hash)
			}
		}
	}
	if len(files) > 0 {
		d.run.hash.wait(ctx, files)
	}
	return len(files) > 0
}
