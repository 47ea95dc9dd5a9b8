package shmring

import (
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

const (
	populateFirst = 64 << 20 // bytes of a ring that are in place before it is used
	populatePiece = 2 << 20
	populateUpper = 4 << 20 // bytes of a lane whose upper mapping is filled too: what wraps around reaches no further, or seldom
)

// populator fills the page tables of a mapping in the background, ahead of whoever walks through the lanes. The first lap is several times
// faster for it; nothing depends on it. Of the upper mapping only the beginning is ever used, by ranges that wrap around.
type populator struct {
	quit atomic.Bool
	wg   sync.WaitGroup
}

// populate does the first populateFirst bytes at once and starts a goroutine for the rest.
func populate(lanes [][]byte, a access) *populator {
	p := &populator{}
	if a == accessObserver {
		return p
	}
	advice := unix.MADV_POPULATE_READ
	if a == accessProducer {
		advice = unix.MADV_POPULATE_WRITE
	}
	next := piecesOf(lanes)
	for done := 0; done < populateFirst; {
		piece, again, ok := next()
		if !ok {
			return p
		}
		if unix.Madvise(piece, advice) != nil { // before Linux 5.14, or no memory: pages come when they are touched
			return p
		}
		if !again {
			done += len(piece)
		}
	}
	p.wg.Go(func() {
		for !p.quit.Load() {
			piece, _, ok := next()
			if !ok || unix.Madvise(piece, advice) != nil {
				return
			}
		}
	})
	return p
}

// stop ends the background work and waits for it.
func (p *populator) stop() {
	p.quit.Store(true)
	p.wg.Wait()
}

// piecesOf walks through all lanes side by side, as a producer does: piece by piece, each first in the lower and then, near the beginning, in
// the upper mapping, which is told by again.
func piecesOf(lanes [][]byte) func() (piece []byte, again, ok bool) {
	lane, off, upper := 0, 0, false
	return func() ([]byte, bool, bool) {
		for skipped := 0; skipped <= len(lanes); {
			if lane == len(lanes) {
				lane, off = 0, off+populatePiece
			}
			half := len(lanes[lane]) / 2
			if off >= half {
				lane, skipped = lane+1, skipped+1
				continue
			}
			end := min(off+populatePiece, half)
			if !upper {
				piece := lanes[lane][off:end]
				if upper = off < populateUpper; !upper {
					lane++
				}
				return piece, false, true
			}
			piece := lanes[lane][half+off : half+end]
			lane, upper = lane+1, false
			return piece, true, true
		}
		return nil, false, false
	}
}
