package recording

import (
	"context"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	hashChunk = 256 << 10 // read and hashed at once: some hundred microseconds
	hashStep  = 1 << 20   // a file that grows is looked at when so much has come
	// maxUnhashed is how many segments of a device may wait for their SHA-512. Then the disk or the machine is too slow for it: the oldest is
	// sealed without, so that the number of open files stays bounded.
	maxUnhashed = 8
)

// hasher computes the SHA-512 of data files while they grow, one chunk of one file at a time, in a goroutine of its own. It reads what was
// written back from the files, mostly from the system's cache; nobody who writes waits for it. A file that is to be sealed goes before those that
// still grow.
type hasher struct {
	mu     sync.Mutex // guards what follows, and the guarded part of files
	wake   *sync.Cond // there may be something to do, or something was done
	files  []*fileHash
	closed bool
	done   chan struct{}

	hashed atomic.Int64 // bytes in all
}

// fileHash is the SHA-512 of one file as far as it was computed.
type fileHash struct {
	f       File
	written atomic.Int64 // bytes that are there and stay as they are
	told    atomic.Int64 // the same when the hasher was woken last
	sum     hash.Hash    // the hasher's

	// guarded by the hasher's mu
	at   int64 // bytes that are in sum
	want int64 // length of the complete file; -1: it still grows
	gone bool
	err  error // of reading; cleared by the next question
}

func newHasher() *hasher {
	h := &hasher{done: make(chan struct{})}
	h.wake = sync.NewCond(&h.mu)
	go h.run()
	return h
}

// add begins with a file.
func (h *hasher) add(f File) *fileHash {
	x := &fileHash{f: f, sum: sha512.New(), want: -1}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.files = append(h.files, x)
	return x
}

// grown tells that the first n bytes of the file stay as they are. It never blocks; nil is a file that nobody hashes.
func (h *hasher) grown(x *fileHash, n int64) {
	if x == nil {
		return
	}
	x.written.Store(n)
	if n-x.told.Load() >= hashStep {
		x.told.Store(n)
		h.wake.Signal()
	}
}

// forget ends the work on a file, whose handle may be closed then.
func (h *hasher) forget(x *fileHash) {
	if x == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	x.gone = true
	for i, y := range h.files {
		if y == x {
			h.files = append(h.files[:i:i], h.files[i+1:]...)
			break
		}
	}
	h.wake.Broadcast()
}

// result returns the SHA-512 in hex of the complete file of so many bytes; ok is false while it is not computed yet. The error is that of the
// latest try to read; the next question lets it be tried again.
func (h *hasher) result(x *fileHash, bytes int64) (sum string, ok bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	x.want = bytes
	if x.at == bytes {
		return hex.EncodeToString(x.sum.Sum(nil)), true, nil
	}
	err, x.err = x.err, nil
	h.wake.Broadcast()
	return "", false, err
}

// wait returns when one of the files is complete or cannot be read, or ctx ends.
func (h *hasher) wait(ctx context.Context, files []*fileHash) {
	defer context.AfterFunc(ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.wake.Broadcast()
	})()
	h.mu.Lock()
	defer h.mu.Unlock()
	for ctx.Err() == nil {
		busy := false
		for _, x := range files {
			if x.err != nil {
				return
			}
			busy = busy || !x.gone && x.want >= 0 && x.at < x.want
		}
		if !busy || h.closed {
			return
		}
		h.wake.Wait()
	}
}

// left is how many bytes wait to be hashed.
func (h *hasher) left() (n int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, x := range h.files {
		n += max(x.end()-x.at, 0)
	}
	return n
}

// close ends the goroutine. No file may be asked for any more.
func (h *hasher) close() {
	h.mu.Lock()
	h.closed = true
	h.wake.Broadcast()
	h.mu.Unlock()
	<-h.done
}

// end is up to where a file can be hashed now. The hasher's mu is held.
func (x *fileHash) end() int64 {
	if x.want >= 0 {
		return x.want
	}
	return x.written.Load()
}

// next picks the file to go on with: one that is to be sealed, else the oldest with enough to do; nil when the hasher is closed.
func (h *hasher) next() (x *fileHash, at, end int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for !h.closed {
		var found *fileHash
		for _, y := range h.files {
			switch {
			case y.err != nil:
			case y.want >= 0 && y.at < y.want:
				return y, y.at, y.want
			case found == nil && y.want < 0 && y.written.Load()-y.at >= hashStep:
				found = y
			}
		}
		if found != nil {
			return found, found.at, found.end()
		}
		h.wake.Wait()
	}
	return nil, 0, 0
}

func (h *hasher) run() {
	defer close(h.done)
	runtime.LockOSThread() // for its priority at the disk; the thread ends with the goroutine
	lowerDiskPriority()
	buf := make([]byte, hashChunk)
	for {
		x, at, end := h.next()
		if x == nil {
			return
		}
		p := buf[:min(int64(len(buf)), end-at)]
		n, err := x.f.ReadAt(p, at)
		if n == len(p) {
			err = nil
		}
		if err == nil {
			x.sum.Write(p)
			h.hashed.Add(int64(n))
		}
		h.mu.Lock()
		if err != nil {
			x.err = err
		} else {
			x.at = at + int64(n)
		}
		if x.err != nil || x.at == x.want {
			h.wake.Broadcast()
		}
		h.mu.Unlock()
		runtime.Gosched() // whoever brings samples goes first
	}
}

// Hashing returns how many bytes were hashed so far, and how many wait for it: the SHA-512 of files that are to be sealed is waited for at the end
// of a run. Both are 0 without SHA-512.
func (r *Run) Hashing() (hashed, left int64) {
	if r.hash == nil {
		return 0, 0
	}
	return r.hash.hashed.Load(), r.hash.left()
}
