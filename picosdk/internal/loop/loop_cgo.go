//go:build linux && cgo

package loop

/*
#cgo CFLAGS: -std=c11 -O3 -Wall -Wextra -Werror -DNDEBUG -D_GNU_SOURCE -I${SRCDIR}/../../../shmring
#cgo LDFLAGS: -lpthread
#include "loop.h"
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"github.com/scopelog/scopelog/driver"
)

// closeTimeout is how long Close waits for the library to return.
const closeTimeout = 5 * time.Second

// Source is a way in which a library hands over samples: functions and memory in C.
type Source struct {
	Poll    unsafe.Pointer // loop_source_fn of source.h
	Context unsafe.Pointer // its first argument
	Free    func()         // frees Context; called once, when no thread uses it any more
	// BufferSamples is how many samples of an input the library can hold before it must have been polled.
	BufferSamples uint64
}

// Loop is a running acquisition. Its methods may be called from any goroutine.
type Loop struct {
	hold   bool
	class  func(Result) uint32
	inputs []int // config input of each feed; -1: counted with the feed before it
	free   func()
	done   chan struct{} // closed when result is final and the ring finished or held

	alive sync.WaitGroup // the goroutine that says so
	quit  chan struct{}  // ends it
	quitO sync.Once

	users sync.RWMutex // held for reading by Quiet, which keeps c from being freed; taken before mu

	mu     sync.Mutex // guards what follows, and c from being freed
	c      *C.struct_loop
	held   bool // the ring is open still, and ours
	result Result
	final  *Counters // set when c is gone
	thread bool      // it has ended
}

// Start checks everything, attaches the ring, starts the thread and returns. Errors: [ErrConfig], [*RingError], those of the system. After an
// error nothing runs, the source is the caller's again, and a ring that was attached cannot be used any more.
func Start(cfg *Common, inputs []Input, src Source) (*Loop, error) {
	list := feeds(inputs)
	routes, err := check(cfg, inputs, list)
	if err != nil {
		return nil, err
	}
	l := &Loop{hold: cfg.HoldOnPower, class: cfg.ErrorClass, free: src.Free, done: make(chan struct{}), quit: make(chan struct{})}
	if l.class == nil {
		l.class = errorClass
	}
	for i, f := range list {
		if i > 0 && list[i-1].input == f.input {
			l.inputs = append(l.inputs, -1)
			continue
		}
		l.inputs = append(l.inputs, f.input)
	}
	if l.c = C.loop_new(); l.c == nil {
		return nil, syscall.ENOMEM
	}
	l.fill(cfg, list, routes, src)
	if err := l.begin(cfg, list, src.BufferSamples); err != nil {
		if cfg.After != nil && l.c.ring.h != nil { // nobody else could end it any more
			C.shmring_finish(l.c.ring, C.uint32_t(driver.KindTransient), 0)
		}
		C.loop_free(l.c)
		return nil, err
	}
	l.alive.Add(1)
	go l.keepAlive()
	go l.await()
	return l, nil
}

// fill writes the configuration for C.
func (l *Loop) fill(cfg *Common, list []feed, routes []route, src Source) {
	c := &l.c.c
	c.poll, c.source = C.loop_source_fn(src.Poll), src.Context
	c.gather_ns = C.uint64_t(orDefault(cfg.Gather, defaultGather))
	c.drain_ns = C.uint64_t(orDefault(cfg.Drain, defaultDrain))
	c.watermark = C.uint64_t(orDefault(cfg.Watermark, defaultWatermark))
	c.inputs, c.streams, c.powers = C.uint32_t(len(list)), C.uint32_t(len(routes)), C.uint32_t(len(cfg.PowerCodes))
	if t := cfg.Trigger; t != nil {
		c.trigger = C.struct_loop_trigger_config{heed: 1, stop: flag(t.Stop), after: C.uint64_t(t.After), auto_at: C.uint64_t(t.Auto)}
	}
	for i, code := range cfg.PowerCodes {
		c.power[i] = C.uint32_t(code)
	}
	for i, f := range list {
		inspect := f.MaxCode > 0 || f.Format == Int16 && f.Mode == ModeRaw && !narrowed(cfg, f.input)
		c.input[i] = C.struct_loop_input{
			ratio: C.uint32_t(ratioOf(f.kind, cfg)), max_code: C.int32_t(f.MaxCode),
			kind: C.uint8_t(f.kind), format: C.uint8_t(f.Format), inspect: flag(inspect),
		}
	}
	for i, s := range cfg.Streams {
		st := &c.stream[i]
		st.lane, st.input, st.format, st.computed = C.uint32_t(s.Lane), C.uint32_t(routes[i].feed), C.uint8_t(s.Format), flag(routes[i].computed)
		st.reduce.kind, st.reduce.format, st.reduce.digital = C.uint8_t(s.Kind), C.uint8_t(s.Format), flag(s.Digital)
		st.reduce.ratio = C.uint32_t(ratioOf(s.Kind, cfg))
	}
}

// narrowed tells whether an input is a digital port, whose words are no codes.
func narrowed(cfg *Common, input int) bool {
	for _, s := range cfg.Streams {
		if s.Input == input && (s.Digital || s.Format == Uint8) {
			return true
		}
	}
	return false
}

func flag(b bool) C.uint8_t {
	if b {
		return 1
	}
	return 0
}

func orDefault[T int | time.Duration](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

// begin gets the ring, compares its lanes and starts the thread.
func (l *Loop) begin(cfg *Common, list []feed, samples uint64) error {
	if cfg.After != nil {
		if err := l.takeOver(cfg.After, cfg); err != nil {
			return err
		}
	} else if err := l.attach(cfg); err != nil {
		return err
	}
	if err := l.compare(cfg); err != nil {
		return err
	}
	if cfg.After != nil {
		if rc := C.loop_lose(l.c, C.SHMRING_POWER); rc != C.SHMRING_OK {
			return ringError(rc)
		}
	}
	l.c.c.poll_ns = C.uint64_t(pollInterval(cfg, l.bufferTime(cfg, list, samples)))
	if rc := C.loop_start(l.c); rc != 0 {
		return fmt.Errorf("start the acquisition thread: %w", syscall.Errno(rc))
	}
	return nil
}

func ringError(rc C.int) *RingError {
	return &RingError{Code: int(rc), Text: C.GoString(C.shmring_strerror(rc))}
}

func (l *Loop) attach(cfg *Common) error {
	var st syscall.Stat_t
	if err := syscall.Fstat(cfg.RingFD, &st); err != nil {
		return fmt.Errorf("look at the ring: %w", err)
	}
	if cfg.RingBytes != 0 && st.Size != cfg.RingBytes {
		return configError("the ring has %d bytes, not %d", st.Size, cfg.RingBytes)
	}
	if rc := C.loop_attach(l.c, C.int(cfg.RingFD)); rc != C.SHMRING_OK {
		return ringError(rc)
	}
	return nil
}

// takeOver gets the ring that another loop has left open.
func (l *Loop) takeOver(from *Loop, cfg *Common) error {
	from.mu.Lock()
	defer from.mu.Unlock()
	if !from.held {
		return configError("the loop before has no open ring to go on in")
	}
	lanes := map[C.uint32_t]bool{}
	for i := range from.c.c.streams {
		lanes[from.c.c.stream[i].lane] = true
	}
	same := len(lanes) == len(cfg.Streams)
	for _, s := range cfg.Streams {
		same = same && lanes[C.uint32_t(s.Lane)]
	}
	if !same {
		return configError("the loop before had other lanes")
	}
	from.held = false
	from.stopAlive()
	C.loop_take_ring(l.c, from.c)
	return nil
}

// compare checks the lanes that the ring has against those of the configuration.
func (l *Loop) compare(cfg *Common) error {
	for i, s := range cfg.Streams {
		lane := C.shmring_lane_info(l.c.ring, C.uint32_t(s.Lane))
		if lane == nil {
			return configError("stream %d: the ring has no lane %d", i, s.Lane)
		}
		kind, format, ratio := Kind(lane.kind), Format(lane.sample_type), uint32(lane.ratio)
		if kind != s.Kind || format != s.Format || ratio != ratioOf(s.Kind, cfg) {
			return configError("stream %d: lane %d is of kind %d, format %d, ratio %d; the stream of %d, %d, %d",
				i, s.Lane, kind, format, ratio, s.Kind, s.Format, ratioOf(s.Kind, cfg))
		}
	}
	return nil
}

// bufferTime is how long the library's buffers last.
func (l *Loop) bufferTime(cfg *Common, list []feed, samples uint64) time.Duration {
	lane := C.shmring_lane_info(l.c.ring, C.uint32_t(cfg.Streams[0].Lane))
	most := uint32(1)
	if len(list) > 0 {
		most = ratioOf(list[0].kind, cfg)
	}
	ns := float64(samples) * float64(most) * float64(lane.interval_num_fs) / float64(lane.interval_den) / 1e6
	return time.Duration(min(ns, float64(time.Hour)))
}

// await waits for the thread and ends the ring.
func (l *Loop) await() {
	C.loop_join(l.c)
	l.mu.Lock()
	l.thread = true
	l.result = l.outcome()
	if l.held = l.hold && l.result.Reason == ReasonPower; !l.held {
		C.shmring_finish(l.c.ring, C.uint32_t(l.class(l.result)), C.uint32_t(l.result.Status))
	}
	held := l.held
	l.mu.Unlock()
	if !held {
		l.stopAlive()
	}
	close(l.done)
}

// keepAlive makes the rest of the ring's memory resident and tells the host that the process lives.
func (l *Loop) keepAlive() {
	defer l.alive.Done()
	l.prefault()
	t := time.NewTicker(250 * time.Millisecond)
	defer t.Stop()
	for {
		C.shmring_alive(l.c.ring)
		select {
		case <-t.C:
		case <-l.quit:
			return
		}
	}
}

// prefault goes ahead of the thread, in pieces of 4 MiB per lane.
func (l *Loop) prefault() {
	const piece = 4 << 20
	lanes := C.shmring_lanes(l.c.ring)
	for from, left := uint64(0), true; left; from += piece {
		left = false
		for i := range lanes {
			capacity := uint64(C.shmring_lane_info(l.c.ring, i).capacity)
			if from >= capacity {
				continue
			}
			left = true
			C.shmring_prefault(l.c.ring, i, C.uint64_t(from), C.uint64_t(min(piece, capacity-from))) // only speed depends on it
			select {
			case <-l.quit:
				return
			default:
			}
		}
		C.shmring_alive(l.c.ring)
	}
}

func (l *Loop) stopAlive() {
	l.quitO.Do(func() { close(l.quit) })
	l.alive.Wait()
}

// outcome reads the thread's result.
func (l *Loop) outcome() Result {
	r := &l.c.result
	n := l.counters()
	result := Result{Reason: Reason(r.reason), Samples: n.Samples, Inputs: n.Inputs, Cut: n.Cut, Lost: n.Lost, Drained: r.drained != 0, LastPollNS: int64(load(&l.c.n.last_poll_ns))}
	if result.Reason == ReasonPower || result.Reason == ReasonFailed {
		result.Status, result.Call = uint32(r.status), Call(uint32(r.call))
	}
	if r.fault != 0 {
		input := 0
		for i := range uint32(r.fault_input) + 1 {
			input = max(input, l.inputs[i])
		}
		result.Fault = faultText(uint32(r.fault), uint32(input), int64(r.fault_a), int64(r.fault_b))
	}
	return result
}

// Stop asks for the end and returns at once: the loop takes what the library still has, see [Common].Drain, and ends. Again: nothing.
func (l *Loop) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.c != nil {
		C.loop_stop(l.c)
	}
}

// Quiet calls f while the thread makes no call of the library, so that f can make some. It waits for the call that is under way, and samples wait in
// the library until f has returned: f must be quick. [ErrEnded] without a call of f when the loop has ended.
func (l *Loop) Quiet(f func() error) error {
	l.users.RLock()
	defer l.users.RUnlock()
	l.mu.Lock()
	c := l.c
	l.mu.Unlock()
	if c == nil || C.loop_hold(c) == 0 {
		return ErrEnded
	}
	defer C.loop_release(c)
	return f()
}

// Wait returns when the loop has ended and the ring is finished (or held, see HoldOnPower). ctx ends only the waiting, with its error.
func (l *Loop) Wait(ctx context.Context) (Result, error) {
	select {
	case <-l.done:
		return l.result, nil
	default:
	}
	select {
	case <-l.done:
		return l.result, nil
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

// Progress tells the host that work goes on while no thread polls: to be called between the calls of the library that bring the unit back after
// a power code. It does nothing unless HoldOnPower has left the ring open.
func (l *Loop) Progress() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held {
		C.shmring_progress(l.c.ring)
	}
}

// Finish ends a ring that HoldOnPower has left open: class is that of [Common].ErrorClass, 0 none, status the vendor's. Without an open ring
// it does nothing.
func (l *Loop) Finish(class, status uint32) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.held {
		return nil
	}
	l.held = false
	if rc := C.shmring_finish(l.c.ring, C.uint32_t(class), C.uint32_t(status)); rc != C.SHMRING_OK {
		return ringError(rc)
	}
	return nil
}

// Close stops the loop if it runs, waits for its end, ends the ring if it is open still, and frees all that is the loop's; buffers are not.
// [ErrRunning] when the library has not returned after five seconds: then nothing was freed, and Close may be called again.
func (l *Loop) Close() error {
	l.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	result, err := l.Wait(ctx)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return ErrRunning
		}
		return err
	}
	err = l.Finish(l.class(result), result.Status)
	l.stopAlive()
	l.users.Lock()
	defer l.users.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.c == nil {
		return nil
	}
	n := l.counters()
	l.final = &n
	C.loop_free(l.c)
	l.c = nil
	if l.free != nil {
		l.free()
	}
	return err
}
