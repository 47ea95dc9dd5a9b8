package shmring

import (
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

const (
	populateFirst = 64 << 20 // bytes of a ring that are in place before it is used
	populatePiece = 2 << 20
)

// populator fills the page tables of a mapping in the background, ahead of whoever walks through the lanes. The first lap is several times
// faster for it; nothing depends on it.
type populator struct {
	quit atomic.Bool
	wg   sync.WaitGroup
}

// populate does the first populateFirst bytes at once and starts a goroutine for the rest. Both mappings of a lane are done.
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
		piece, ok := next()
		if !ok {
			return p
		}
		if unix.Madvise(piece, advice) != nil { // before Linux 5.14, or no memory: pages come when they are touched
			return p
		}
		done += len(piece) / 2
	}
	p.wg.Go(func() {
		for !p.quit.Load() {
			piece, ok := next()
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

// piecesOf walks through all lanes side by side, as a producer does: piece by piece, each first in the lower and then in the upper mapping.
func piecesOf(lanes [][]byte) func() ([]byte, bool) {
	lane, off, upper := 0, 0, false
	return func() ([]byte, bool) {
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
				upper = true
				return lanes[lane][off:end], true
			}
			piece := lanes[lane][half+off : half+end]
			lane, upper = lane+1, false
			return piece, true
		}
		return nil, false
	}
}
