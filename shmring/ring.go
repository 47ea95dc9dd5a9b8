package shmring

import (
	"os"
	"slices"
	"sync"
)

// Ring is the core's side of a ring: it owns the memory. All methods may be called from any goroutine.
type Ring struct {
	file *os.File // nil on the heap

	mu     sync.RWMutex // held for reading by users of mem that do not belong to Consumer, for writing by Close
	mem    *memory
	closed bool
}

// Create makes a ring in shared memory: sealed, filled in, mapped and ready for a producer. The first 64 MiB are in place when it returns,
// the rest follows in the background; 64 MiB take about 40 ms. Errors: [ErrSpec], [ErrFileLimit] and those of the system; [ErrNotSupported] off Linux.
func Create(spec Spec) (*Ring, error) {
	g, err := layOut(spec)
	if err != nil {
		return nil, err
	}
	f, err := createFile(g.ringBytes)
	if err != nil {
		return nil, err
	}
	r := &Ring{file: f}
	if r.mem, err = mapRing(f, g, accessCore); err != nil {
		f.Close()
		return nil, err
	}
	g.writeTables(r.mem.head, thisProcess())
	if err := sealFile(f); err != nil {
		r.Close()
		return nil, err
	}
	r.SetState(CoreReady, 0)
	return r, nil
}

// NewHeap makes a ring on the heap of this process, for tests and for drivers that run inside it. [Ring.NewProducer] attaches to it. Error:
// [ErrSpec].
func NewHeap(spec Spec) (*Ring, error) {
	g, err := layOut(spec)
	if err != nil {
		return nil, err
	}
	r := &Ring{mem: newHeapMemory(g)}
	g.writeTables(r.mem.head, thisProcess())
	r.SetState(CoreReady, 0)
	return r, nil
}

// File is the ring's descriptor, for handing over; nil on the heap. It stays the ring's: do not close it.
func (r *Ring) File() *os.File { return r.file }

// Size is the ring's size in bytes (ring_bytes).
func (r *Ring) Size() int64 { return int64(r.mem.geo.ringBytes) }

// Spec is what the ring was made from, DescCount filled in. The slice is the caller's.
func (r *Ring) Spec() Spec {
	s := r.mem.geo.spec
	s.Lanes = slices.Clone(s.Lanes)
	return s
}

// use runs do unless the ring is closed, and keeps it from being closed meanwhile.
func (r *Ring) use(do func(h *rawHeader)) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if !r.closed {
		do(r.mem.header())
	}
}

// SetState stores the core's state with a reason of the core's own choice, and wakes a producer that waits for room. [CoreDraining] asks the
// producer to finish. After Close it does nothing.
func (r *Ring) SetState(s CoreState, reason uint32) {
	r.use(func(h *rawHeader) { setState(h, s, reason) })
}

func setState(h *rawHeader, s CoreState, reason uint32) {
	h.closeReason.Store(reason)
	h.coreStateNS.Store(uint64(MonoNow()))
	h.coreState.Store(uint32(s))
	h.roomBell.Add(1)
	wakeWord(&h.roomBell)
}

// State is the core's state, [CoreClosed] after Close.
func (r *Ring) State() CoreState {
	s := CoreClosed
	r.use(func(h *rawHeader) { s = CoreState(h.coreState.Load()) })
	return s
}

// Alive stores the core's sign of life. Call it from a timer.
func (r *Ring) Alive() {
	r.use(func(h *rawHeader) { h.coreAliveNS.Store(uint64(MonoNow())) })
}

// Progress returns what the producer says about itself; the zero value after Close.
func (r *Ring) Progress() ProducerStatus {
	var s ProducerStatus
	r.use(func(h *rawHeader) {
		s = ProducerStatus{
			State: ProducerState(h.producerState.Load()), FailStatus: h.failStatus.Load(),
			PID: h.prodPID.Load(), Start: h.prodStart.Load(),
			ProgressNS: int64(h.progressNS.Load()), AliveNS: int64(h.prodAliveNS.Load()),
			Committed: h.dWrite.Load(), LostBatches: h.lostBatches.Load(), MaxFillPPM: h.maxFill.Load(),
			Lost: make([]uint64, r.mem.laneCount()),
		}
		for i := range s.Lost {
			s.Lost[i] = r.mem.lane(i).lost.Load()
		}
	})
	return s
}

// Close unmaps the ring and closes its descriptor. A consumer of it must have stopped; slices that it handed out are invalid from now on. A
// producer in another process keeps its own mapping. Close is idempotent.
func (r *Ring) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	err := r.mem.close()
	if r.file != nil {
		if cerr := r.file.Close(); err == nil {
			err = cerr
		}
	}
	return err
}
