package rpc

import (
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/shmring"
)

// Answers to a ring that was handed over.
const (
	ringAttached     = 0
	ringBad          = 1
	ringInUse        = 2
	ringNotSupported = 3
	ringRepeated     = 4
)

// heartbeat is the time between two signs of life of the process in the ring, and the longest time until a driver
// learns from the ring alone that the host wants an end.
const heartbeat = time.Second

// ringShelf keeps the rings that were handed over: those that wait for their Start, and those that devices write to.
type ringShelf struct {
	log hclog.Logger

	mu      sync.Mutex
	rings   map[uint64]*heldRing // by generation
	changed chan struct{}        // closed and made anew when rings change
	beating bool
}

// heldRing is one ring of this process.
type heldRing struct {
	generation uint64
	fd         int
	producer   *shmring.Producer
	device     uint64 // 0: not started yet
	sink       *sink  // nil before Start
}

func newRingShelf(log hclog.Logger) *ringShelf {
	return &ringShelf{log: log, rings: map[uint64]*heldRing{}, changed: make(chan struct{})}
}

// takeRings receives rings until the host closes the socket.
func (s *server) takeRings() {
	for {
		offer, err := shmring.RecvRing(s.handover)
		switch {
		case errors.Is(err, shmring.ErrHandover):
			s.log.Warn("unexpected message on the hand-over socket", "error", err)
			continue
		case err != nil:
			if !errors.Is(err, io.EOF) {
				s.log.Warn("hand-over socket failed", "error", err)
			}
			s.life.socketClosed()
			return
		}
		code, err := s.rings.put(offer)
		if err != nil {
			s.log.Warn("ring refused", "generation", offer.Generation, "error", err)
		}
		if err := shmring.SendAnswer(s.handover, shmring.Answer{Status: code, Generation: offer.Generation}); err != nil {
			s.log.Warn("hand-over socket failed", "error", err)
		}
	}
}

// put attaches to a ring and keeps it. Rings that never were started give way.
func (r *ringShelf) put(offer shmring.RingOffer) (code uint32, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rings[offer.Generation] != nil {
		_ = offer.File.Close()
		return ringRepeated, errors.New("a ring of this generation is here already")
	}
	p, err := shmring.AttachProducer(offer.File)
	if err == nil && p.Spec().Generation != offer.Generation {
		_ = p.Close()
		return ringBad, shmring.ErrBadRing
	}
	if err != nil {
		_ = offer.File.Close()
		switch {
		case errors.Is(err, shmring.ErrInUse):
			return ringInUse, err
		case errors.Is(err, shmring.ErrNotSupported):
			return ringNotSupported, err
		}
		return ringBad, err
	}
	for g, old := range r.rings {
		if old.device == 0 {
			r.drop(g)
		}
	}
	r.rings[offer.Generation] = &heldRing{generation: offer.Generation, fd: int(offer.File.Fd()), producer: p}
	r.announce()
	r.beat()
	return ringAttached, nil
}

// start gives a ring to a device. Rings that the device has finished are let go.
func (r *ringShelf) start(generation, device uint64, streams []driver.Stream) (*heldRing, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.rings[generation]
	switch {
	case h == nil:
		return nil, driver.Errorf(driver.KindBug, "start", "no ring of generation %d was handed over", generation)
	case h.device != 0:
		return nil, driver.Errorf(driver.KindBug, "start", "the ring of generation %d was started before", generation)
	}
	sk, err := newSink(h.producer, streams)
	if err != nil {
		return nil, err
	}
	for g, old := range r.rings {
		if old.device == device {
			r.drop(g)
		}
	}
	h.device, h.sink = device, sk
	r.announce()
	return h, nil
}

// release lets go of all rings of a device, which must no longer write.
func (r *ringShelf) release(device uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for g, h := range r.rings {
		if h.device == device {
			r.drop(g)
		}
	}
	r.announce()
}

// drop needs mu.
func (r *ringShelf) drop(generation uint64) {
	h := r.rings[generation]
	delete(r.rings, generation)
	var err error
	if h.sink != nil {
		err = h.sink.close()
	} else {
		err = h.producer.Close()
	}
	if err != nil {
		r.log.Warn("close of a ring failed", "generation", generation, "error", err)
	}
}

// announce needs mu.
func (r *ringShelf) announce() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// held lists the rings for a host that may have to take over; the channel is closed when the list changes.
func (r *ringShelf) held() ([]*driverpb.HeldRing, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]*driverpb.HeldRing, 0, len(r.rings))
	for g, h := range r.rings {
		list = append(list, &driverpb.HeldRing{Generation: g, Fd: int32(h.fd), DeviceId: h.device})
	}
	slices.SortFunc(list, func(a, b *driverpb.HeldRing) int {
		if a.GetGeneration() < b.GetGeneration() {
			return -1
		}
		return 1
	})
	return list, r.changed
}

// beat runs the heartbeat as long as there are rings. It needs mu.
func (r *ringShelf) beat() {
	if r.beating {
		return
	}
	r.beating = true
	go func() {
		t := time.NewTicker(heartbeat)
		defer t.Stop()
		for range t.C {
			if !r.beatOnce() {
				return
			}
		}
	}()
}

func (r *ringShelf) beatOnce() (again bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range r.rings {
		h.producer.Alive()
		if h.sink != nil {
			h.sink.watch()
		}
	}
	r.beating = len(r.rings) > 0
	return r.beating
}
