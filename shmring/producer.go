package shmring

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// Producer writes samples into a ring. One goroutine uses it; only [Producer.Alive] and [Producer.State] may be called from others.
//
// A batch is Begin, then Push (or Reserve and Filled) for each lane, then Commit. The epoch index is kept inside: it starts at 0 with the
// first sample pushed, and samples that were lost move it on. Nothing here blocks except [Producer.WaitRoom]. A streaming batch that finds no
// room is dropped as a whole and becomes GAPs; inside a waveform, or after [Producer.SetLossless], the calls answer [ErrNoRoom] instead and
// take nothing. Steady state allocates nothing.
type Producer struct {
	file *os.File // nil for a producer within the core's process

	mu  sync.RWMutex // for Alive and State against Close
	mem *memory      // nil after Close
	own bool         // mem is a mapping of this producer's own

	hdr   *rawHeader
	lanes []prodLane

	dWrite    uint64 // next descriptor
	dIntent   uint64
	dRead     uint64 // private copy of the consumer's cursor
	descs     uint64 // length of the queue
	reserve   uint64
	total     uint64 // bytes committed since Start
	maxFill   uint64 // ppm, as stored
	lostTotal uint64 // batches
	lastError Desc   // ERROR of the last batch, if any

	open     bool // between Begin and Commit
	poisoned bool // no room was found for a part of the open batch
	lossless bool
	resuming bool // batches were dropped and none was committed since
	done     bool
	estimate bool // stamp of the open batch is estimated
	tMono    int64
	marks    marks

	urgentDue bool  // an urgent wake-up was put off by the limit of 100 a second
	urgentAt  int64 // time of the last one
}

// prodLane is what the producer knows of a lane.
type prodLane struct {
	raw      *rawLane
	mem      []byte // twice the capacity
	capacity uint64
	size     uint64 // bytes a sample
	ratio    uint64

	w      uint64 // bytes committed (position)
	at     int    // w mod capacity
	r      uint64 // private copy of the consumer's position
	intent uint64
	lost   uint64 // samples, as stored in the lane entry

	dataEnd uint64 // epoch index behind the last committed DATA
	gaps    pendingGaps
	trimTo  uint64 // samples below this epoch index are lost: the common end of a loss

	staged uint64 // bytes of the open batch already in the lane
	missed uint64 // samples of the open batch that found no room
	over   uint32 // over-range mask of the open batch

	reserved   uint64 // bytes handed out by Reserve
	reservedAt uint64 // their position
	param      [2]param
}

// next is the epoch index of the sample that the lane offers next.
func (l *prodLane) next() uint64 {
	return l.dataEnd + l.gaps.counted() + l.staged/l.size + l.missed
}

// room is the free space in bytes by the private copy of the consumer's position.
func (l *prodLane) room() uint64 {
	used := l.w + l.staged - l.r
	if used > l.capacity {
		return 0
	}
	return l.capacity - used
}

// has reports if n more bytes fit, looking at the consumer's true position only when the private copy says no.
func (l *prodLane) has(n uint64) bool {
	if l.room() >= n {
		return true
	}
	l.r = l.raw.rPos.Load()
	return l.room() >= n
}

// lose counts samples as lost, before any descriptor tells it.
func (l *prodLane) lose(n uint64, cause Cause) {
	l.gaps.add(gap{count: n, cause: cause})
	l.lost += n
	l.raw.lost.Store(l.lost)
}

// Inspect checks that f holds a valid ring that is ready for a producer and returns what it says, without attaching.
// Errors: [ErrBadRing], [ErrInUse], [ErrNotSupported].
func Inspect(f *os.File) (Spec, error) {
	g, err := readGeometry(f)
	if err != nil {
		return Spec{}, err
	}
	m, err := mapRing(f, geometry{spec: Spec{DescCount: g.spec.DescCount}, ringBytes: g.ringBytes, descOff: g.descOff}, accessObserver)
	if err != nil {
		return Spec{}, err
	}
	defer m.close()
	h := m.header()
	if s := CoreState(h.coreState.Load()); s != CoreReady {
		return Spec{}, fmt.Errorf("%w: core is %s", ErrBadRing, s)
	}
	if s := ProducerState(h.producerState.Load()); s != ProducerNone {
		return Spec{}, fmt.Errorf("%w: state %s", ErrInUse, s)
	}
	return g.spec, nil
}

// AttachProducer checks the ring in f, maps it and claims it. The producer owns f from then on (on an error it stays the caller's) and keeps
// it open until Close, so that a new core can adopt the ring through it. Errors: [ErrBadRing], [ErrInUse], [ErrNotSupported].
func AttachProducer(f *os.File) (*Producer, error) {
	g, err := readGeometry(f)
	if err != nil {
		return nil, err
	}
	m, err := mapRing(f, g, accessProducer)
	if err != nil {
		return nil, err
	}
	p, err := newProducer(m)
	if err != nil {
		m.close()
		return nil, err
	}
	p.file, p.own = f, true
	return p, nil
}

// NewProducer attaches a producer in the core's own process, which is the only way to a ring on the heap. It has to be closed before the
// ring. Errors as for [AttachProducer].
func (r *Ring) NewProducer() (*Producer, error) {
	if r.file == nil {
		return newProducer(r.mem)
	}
	m, err := mapRing(r.file, r.mem.geo, accessProducer)
	if err != nil {
		return nil, err
	}
	p, err := newProducer(m)
	if err != nil {
		m.close()
		return nil, err
	}
	p.own = true
	return p, nil
}

func newProducer(m *memory) (*Producer, error) {
	h := m.header()
	if s := CoreState(h.coreState.Load()); s != CoreReady {
		return nil, fmt.Errorf("%w: core is %s", ErrBadRing, s)
	}
	lanes := m.laneCount()
	p := &Producer{mem: m, hdr: h, lanes: make([]prodLane, lanes), descs: uint64(m.geo.spec.DescCount), reserve: uint64(reserveDescs(lanes))}
	for i, s := range m.geo.spec.Lanes {
		p.lanes[i] = prodLane{
			raw: m.lane(i), mem: m.lanes[i], capacity: s.Capacity, size: uint64(s.SampleType.Bytes()), ratio: uint64(s.Ratio),
			w: s.StartPos, r: s.StartPos, intent: s.StartPos, at: int(s.StartPos % s.Capacity),
		}
	}
	if s := ProducerState(h.producerState.Load()); s != ProducerNone {
		return nil, fmt.Errorf("%w: state %s", ErrInUse, s)
	}
	if err := p.checkStart(); err != nil {
		return nil, err
	}
	if !h.producerState.CompareAndSwap(uint32(ProducerNone), uint32(ProducerAttached)) {
		return nil, fmt.Errorf("%w: state %s", ErrInUse, ProducerState(h.producerState.Load()))
	}
	self := thisProcess()
	h.prodPID.Store(self.pid)
	h.prodStart.Store(self.start)
	p.Alive()
	return p, nil
}

// checkStart makes sure that nobody has written yet.
func (p *Producer) checkStart() error {
	p.dWrite = p.hdr.dWrite.Load()
	p.dIntent, p.dRead = p.dWrite, p.dWrite
	if p.hdr.dIntent.Load() != p.dWrite || p.hdr.dRead.Load() != p.dWrite {
		return fmt.Errorf("%w: descriptor cursors differ before the start", ErrBadRing)
	}
	for i := range p.lanes {
		l := &p.lanes[i]
		if l.raw.wPos.Load() != l.w || l.raw.wIntent.Load() != l.w || l.raw.rPos.Load() != l.w || l.raw.lost.Load() != 0 {
			return fmt.Errorf("%w: lane %d is not at its start", ErrBadRing, i)
		}
	}
	return nil
}

// File is the ring's descriptor, close-on-exec, for reporting its number to the core; nil within the core's process. It stays the
// producer's.
func (p *Producer) File() *os.File { return p.file }

// Lanes is the number of lanes.
func (p *Producer) Lanes() int { return len(p.lanes) }

// Spec is what the ring says about itself. The slice must not be changed.
func (p *Producer) Spec() Spec { return p.mem.geo.spec }

// Next is the epoch index of the sample that the lane offers next: samples pushed and lost since Start.
func (p *Producer) Next(lane int) uint64 { return p.lanes[lane].next() }

// Lost is the number of samples of the lane lost so far, as far as they could be counted.
func (p *Producer) Lost(lane int) uint64 { return p.lanes[lane].lost }

// SetLossless says what happens without room. False, the start: the batch is dropped and becomes GAPs. True: Push, Reserve and Commit answer
// [ErrNoRoom], take nothing, and can be repeated after [Producer.WaitRoom]. Inside a waveform it is always so.
func (p *Producer) SetLossless(on bool) { p.lossless = on }

func (p *Producer) mayDrop() bool { return !p.lossless && !p.marks.waveOpen }

// Alive stores a sign of life of the process. Call it from a timer; it may run in any goroutine, also beside Close.
func (p *Producer) Alive() {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.mem != nil {
		p.hdr.prodAliveNS.Store(uint64(MonoNow()))
	}
}

// State is the core's word about the ring and the reason stored with it; [CoreClosed] after Close. It may run in any goroutine. On
// [CoreDraining] call [Producer.Finish].
func (p *Producer) State() (CoreState, uint32) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.mem == nil {
		return CoreClosed, 0
	}
	return CoreState(p.hdr.coreState.Load()), p.hdr.closeReason.Load()
}

// Progress stores a sign of life of the acquisition thread itself; call it on every poll that brought nothing. Commit does it too.
func (p *Producer) Progress() {
	if p.mem == nil {
		return
	}
	now := MonoNow()
	p.hdr.progressNS.Store(uint64(now))
	if p.urgentDue {
		p.wake(now, true)
	}
}

// Detach gives up a ring that nothing was written to, so that another producer of this process (one in C) can attach to it. The descriptor
// is the caller's again. Errors: [ErrMisuse] after the first Begin, reservation or loss, [ErrClosed].
func (p *Producer) Detach() (*os.File, error) {
	if p.mem == nil {
		return nil, ErrClosed
	}
	for i := range p.lanes {
		if l := &p.lanes[i]; l.lost != 0 || l.raw.wIntent.Load() != p.mem.geo.spec.Lanes[i].StartPos {
			return nil, fmt.Errorf("%w: detach after a reservation or a loss", ErrMisuse)
		}
	}
	if !p.hdr.producerState.CompareAndSwap(uint32(ProducerAttached), uint32(ProducerNone)) {
		return nil, fmt.Errorf("%w: detach after the first batch", ErrMisuse)
	}
	f := p.file
	p.file = nil
	return f, p.Close()
}

// Close unmaps the ring and closes its descriptor. It commits nothing: call [Producer.Finish] first for an orderly end. Slices from Reserve
// are invalid from then on. Close is idempotent.
func (p *Producer) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mem == nil {
		return nil
	}
	var err error
	if p.own {
		err = p.mem.close()
	}
	p.mem, p.done = nil, true
	if p.file != nil {
		err = errors.Join(err, p.file.Close())
	}
	return err
}
