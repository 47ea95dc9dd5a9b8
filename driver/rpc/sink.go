package rpc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// sink is the driver.Sink over a ring. The driver's goroutine uses it; only drained, watch and close come from
// others.
type sink struct {
	p       *shmring.Producer
	streams []sinkStream
	room    []int // scratch of WaitRoom
	fastest int64 // smallest ratio

	err      error    // first misuse by the driver; told by Commit
	native   *os.File // the ring was given to a C loop
	finished bool

	isNative atomic.Bool // native is set, or about to be

	drainOnce sync.Once
	draining  chan struct{}
}

// sinkStream is what the sink knows of a stream.
type sinkStream struct {
	size     int // bytes per sample
	ratio    int64
	first    uint64 // epoch index of the stream's first sample of the open batch, once pushed
	pushed   bool
	reserved []byte
	later    []loss // losses told after the stream's samples of the open batch
}

type loss struct {
	n     int64
	cause shmring.Cause
}

var (
	_ driver.Sink       = (*sink)(nil)
	_ driver.NativeSink = (*sink)(nil)
)

// newSink checks that the ring's lanes are the streams, one for one.
func newSink(p *shmring.Producer, streams []driver.Stream) (*sink, error) {
	lanes := p.Spec().Lanes
	bug := func(format string, args ...any) error {
		return driver.Errorf(driver.KindBug, "start", "the ring does not fit the streams: "+format, args...)
	}
	if len(lanes) != len(streams) {
		return nil, bug("%d lanes, %d streams", len(lanes), len(streams))
	}
	s := &sink{p: p, streams: make([]sinkStream, len(lanes)), room: make([]int, len(lanes)), draining: make(chan struct{})}
	for i, l := range lanes {
		st := streams[i]
		if l.SampleType.String() != string(st.Type) || l.Kind.String() != string(st.Kind) || int64(l.Ratio) != st.Ratio || l.Digital != st.Digital {
			return nil, bug("lane %d holds %s %s of ratio %d, stream %q is %s %s of ratio %d", i, l.Kind, l.SampleType, l.Ratio,
				st.Channel, st.Kind, st.Type, st.Ratio)
		}
		s.streams[i] = sinkStream{size: l.SampleType.Bytes(), ratio: st.Ratio}
		if i == 0 || st.Ratio < s.fastest {
			s.fastest = st.Ratio
		}
	}
	return s, nil
}

var errNative = errors.New("the ring was given to a native loop")

// fail keeps the first error.
func (s *sink) fail(err error) {
	if err != nil && s.err == nil {
		s.err = err
	}
}

// usable tells whether calls on the Go producer make sense.
func (s *sink) usable(stream int) bool {
	switch {
	case s.finished:
		s.fail(shmring.ErrClosed)
	case s.native != nil:
		s.fail(errNative)
	case stream < 0 || stream >= len(s.streams):
		s.fail(fmt.Errorf("there is no stream %d", stream))
	default:
		return true
	}
	return false
}

// Streams implements driver.Sink.
func (s *sink) Streams() int { return len(s.streams) }

// Begin implements driver.Sink.
func (s *sink) Begin(monoNS int64) {
	if s.usable(0) {
		s.p.Begin(monoNS)
	}
}

// Reserve implements driver.Sink.
func (s *sink) Reserve(stream, n int) []byte {
	if !s.usable(stream) || n < 1 {
		return nil
	}
	st := &s.streams[stream]
	b, err := s.p.Reserve(stream, n)
	if err != nil {
		if !errors.Is(err, shmring.ErrNoRoom) && !errors.Is(err, shmring.ErrTooLarge) {
			s.fail(err)
		}
		return nil
	}
	st.reserved = b
	return b
}

// Push implements driver.Sink.
func (s *sink) Push(stream int, samples []byte) {
	if !s.usable(stream) {
		return
	}
	st := &s.streams[stream]
	if !st.pushed {
		st.first, st.pushed = s.p.Next(stream), true
	}
	if st.reserved != nil {
		own := len(samples) > 0 && &samples[0] == &st.reserved[0]
		st.reserved = nil
		if own {
			if len(samples)%st.size != 0 {
				s.fail(fmt.Errorf("push to stream %d: %d bytes are no whole number of samples", stream, len(samples)))
				samples = nil
			}
			s.fail(s.p.Filled(stream, len(samples)/st.size))
			return
		}
		s.fail(s.p.Filled(stream, 0))
	}
	err := s.p.Push(stream, samples)
	if errors.Is(err, shmring.ErrNoRoom) { // inside a waveform nothing is dropped
		if err = s.waitFor(context.Background(), stream, len(samples)/st.size); err == nil {
			err = s.p.Push(stream, samples)
		}
	}
	s.fail(err)
}

// waitFor waits for room in one stream; a negative stream waits for descriptors alone.
func (s *sink) waitFor(ctx context.Context, stream, samples int) error {
	clear(s.room)
	if stream >= 0 {
		s.room[stream] = samples
	}
	return s.p.WaitRoom(ctx, s.room...)
}

// OverRange implements driver.Sink.
func (s *sink) OverRange(stream int, mask uint32) {
	if s.usable(stream) {
		s.fail(s.p.SetOverRange(stream, mask))
	}
}

// Lost implements driver.Sink.
func (s *sink) Lost(stream int, n int64, cause driver.Cause) {
	if n == 0 || !s.usable(stream) {
		return
	}
	l := loss{n: n, cause: shmring.Cause(cause)}
	if cause == driver.CauseRingFull { // is for the ring to say
		l.cause = shmring.CauseDriver
	} else if !l.cause.FromProducer() {
		l.cause = shmring.CauseUnknown
	}
	st := &s.streams[stream]
	if st.pushed || st.reserved != nil {
		st.postpone(l)
		return
	}
	s.lose(stream, l)
}

func (s *sink) lose(stream int, l loss) {
	count := uint64(shmring.UnknownCount)
	if l.n > 0 {
		count = uint64(l.n)
	}
	s.fail(s.p.Gap(stream, count, l.cause))
}

// postpone keeps a loss until the open batch is committed; equal ones are joined.
func (st *sinkStream) postpone(l loss) {
	i := slices.IndexFunc(st.later, func(o loss) bool { return o.cause == l.cause && (o.n > 0) == (l.n > 0) })
	switch {
	case i < 0:
		st.later = append(st.later, l)
	case l.n > 0:
		st.later[i].n += l.n
	}
}

// Commit implements driver.Sink.
func (s *sink) Commit() error {
	if !s.usable(0) {
		return s.commitError()
	}
	for i := range s.streams {
		if st := &s.streams[i]; st.reserved != nil {
			st.reserved = nil
			s.fail(s.p.Filled(i, 0))
		}
	}
	err := s.p.Commit()
	for errors.Is(err, shmring.ErrNoRoom) {
		if err = s.waitFor(context.Background(), -1, 0); err == nil {
			err = s.p.Commit()
		}
	}
	s.fail(err)
	for i := range s.streams {
		st := &s.streams[i]
		st.pushed = false
		for _, l := range st.later {
			s.lose(i, l)
		}
		st.later = st.later[:0]
	}
	return s.commitError()
}

func (s *sink) commitError() error {
	if s.err == nil {
		return nil
	}
	var state *shmring.StateError
	if errors.As(s.err, &state) {
		return driver.Errorf(driver.KindPermanent, "commit", "the host has ended the acquisition: %w", s.err)
	}
	return driver.Errorf(driver.KindBug, "commit", "the driver misused its sink: %w", s.err)
}

// Progress implements driver.Sink.
func (s *sink) Progress() {
	if s.native == nil && !s.finished {
		s.p.Progress()
	}
}

// WaitRoom implements driver.Sink.
func (s *sink) WaitRoom(ctx context.Context, n int) error {
	if !s.usable(0) {
		return s.commitError()
	}
	raw := int64(max(n, 0)) * s.fastest
	for i := range s.streams {
		s.room[i] = int((raw + s.streams[i].ratio - 1) / s.streams[i].ratio)
	}
	if err := s.p.WaitRoom(ctx, s.room...); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return driver.Errorf(driver.KindPermanent, "wait for room", "%w", err)
	}
	return nil
}

// Draining implements driver.Sink.
func (s *sink) Draining() <-chan struct{} { return s.draining }

// drained tells the driver that the host wants an end.
func (s *sink) drained() { s.drainOnce.Do(func() { close(s.draining) }) }

// watch looks at the host's word in the ring; a native loop does that by itself.
func (s *sink) watch() {
	if s.isNative.Load() {
		return
	}
	if state, _ := s.p.State(); state != shmring.CoreReady && state != shmring.CoreInit {
		s.drained()
	}
}

// Finish implements driver.Sink.
func (s *sink) Finish(failure *driver.Error) error {
	if s.native != nil {
		return errNative
	}
	if s.finished {
		return shmring.ErrClosed
	}
	for i := range s.streams {
		if len(s.streams[i].later) > 0 { // told after samples of a batch that is still open
			_ = s.Commit() // what cannot be committed, Finish of the ring counts
			break
		}
	}
	s.finished = true
	var err error
	if failure != nil {
		err = &shmring.DeviceError{Class: uint32(failure.Kind), Status: failure.Status.Code}
	}
	return s.p.Finish(err)
}

// Ring implements driver.NativeSink. The descriptor is -1 once samples were pushed, or when the ring has ended.
func (s *sink) Ring() (fd int, size int64) {
	if s.native == nil {
		s.isNative.Store(true) // before: a detached producer looks like a closed ring
		f, err := s.p.Detach()
		if err != nil {
			s.isNative.Store(false)
			s.fail(err)
			return -1, 0
		}
		s.native = f
	}
	info, err := s.native.Stat()
	if err != nil {
		s.fail(err)
		return -1, 0
	}
	return int(s.native.Fd()), info.Size()
}

// Lane implements driver.NativeSink: lanes are in the order of the streams.
func (s *sink) Lane(stream int) int { return stream }

// close unmaps the ring. The driver must be done with the sink.
func (s *sink) close() error {
	s.drained()
	err := s.p.Close()
	if s.native != nil {
		err = errors.Join(err, s.native.Close())
	}
	return err
}
