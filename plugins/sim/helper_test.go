package main

import (
	"context"
	"encoding/binary"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// fakeClock is a clock that only moves when the driver waits on it: then it jumps to that time.
type fakeClock struct {
	mu     sync.Mutex
	t      int64
	onWait func(t int64) // called before each jump, with the time before it
	late   func(t int64) int64
}

func (c *fakeClock) now() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *fakeClock) wait(done <-chan struct{}, until int64) bool {
	if c.onWait != nil {
		c.onWait(c.now())
	}
	select {
	case <-done:
		return false
	default:
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = max(c.t, until)
	if c.late != nil {
		c.t += c.late(c.t)
	}
	return true
}

// entry is one thing that a sink was told about a stream.
type entry struct {
	stream int
	lost   int64 // told as lost; 0: samples
	cause  driver.Cause
	count  int64 // samples
	mono   int64
	mask   uint32
}

// fakeSink keeps all samples. It has room for a number of bytes per stream, which room() gives anew for each batch.
type fakeSink struct {
	streams  []driver.Stream
	room     func() int // bytes per stream; nil: any
	onCommit func()

	data     [][]byte
	log      []entry
	marks    []marked
	inWave   bool
	dropped  []int64 // samples per stream that Commit dropped
	progress int
	batches  int
	finished int
	failure  *driver.Error
	waits    int
	drain    chan struct{}
	refuse   error // Commit's answer

	open    bool
	mono    int64
	limit   int
	memory  [][]byte
	staged  [][]byte
	masks   []uint32
	misused string
}

func newFakeSink(streams []driver.Stream) *fakeSink {
	n := len(streams)
	return &fakeSink{
		streams: streams, data: make([][]byte, n), dropped: make([]int64, n), memory: make([][]byte, n),
		staged: make([][]byte, n), masks: make([]uint32, n), drain: make(chan struct{}),
	}
}

func (s *fakeSink) misuse(what string) { s.misused = what }

func (s *fakeSink) Streams() int { return len(s.streams) }

func (s *fakeSink) Begin(mono int64) {
	if s.open || s.finished > 0 {
		s.misuse("begin")
	}
	s.open, s.mono, s.limit = true, mono, 1<<30
	if s.room != nil {
		s.limit = s.room()
	}
}

func (s *fakeSink) Reserve(stream, n int) []byte {
	size := n * s.streams[stream].Type.Bytes()
	if !s.open || n <= 0 || s.staged[stream] != nil {
		s.misuse("reserve")
	}
	if size > s.limit {
		return nil
	}
	if cap(s.memory[stream]) < size {
		s.memory[stream] = make([]byte, size)
	}
	return s.memory[stream][:size]
}

func (s *fakeSink) Push(stream int, samples []byte) {
	if !s.open || s.staged[stream] != nil || len(samples)%s.streams[stream].Type.Bytes() != 0 {
		s.misuse("push")
	}
	s.staged[stream] = samples
}

func (s *fakeSink) OverRange(stream int, mask uint32) {
	if !s.open || s.staged[stream] == nil {
		s.misuse("over range")
	}
	s.masks[stream] |= mask
}

func (s *fakeSink) Lost(stream int, n int64, cause driver.Cause) {
	if s.finished > 0 || n == 0 {
		s.misuse("lost")
	}
	s.log = append(s.log, entry{stream: stream, lost: n, cause: cause})
}

// marked is a mark with the sample that it belongs to.
type marked struct {
	driver.Mark
	at int64 // of the stream, or of stream 0
}

func (s *fakeSink) Mark(m driver.Mark) {
	stream := max(m.Stream, 0)
	at := int64(len(s.data[stream]) / s.streams[stream].Type.Bytes())
	switch m.Kind {
	case driver.MarkWaveBegin:
		if s.inWave || !s.open {
			s.misuse("a waveform within a waveform")
		}
		s.inWave = true
	case driver.MarkWaveEnd:
		if !s.inWave || !s.open {
			s.misuse("the end of no waveform")
		}
		s.inWave = false
		at += int64(len(s.staged[stream]) / s.streams[stream].Type.Bytes())
	}
	s.marks = append(s.marks, marked{m, at + m.Position})
}

// of returns the marks of a kind.
func (s *fakeSink) of(kind driver.MarkKind) (list []marked) {
	for _, m := range s.marks {
		if m.Kind == kind {
			list = append(list, m)
		}
	}
	return list
}

func (s *fakeSink) Commit() error {
	if !s.open {
		s.misuse("commit")
	}
	fits := true
	for _, b := range s.staged {
		fits = fits && len(b) <= s.limit
	}
	for i, b := range s.staged {
		n := int64(len(b) / s.streams[i].Type.Bytes())
		switch {
		case n > 0 && fits:
			s.data[i] = append(s.data[i], b...)
			s.log = append(s.log, entry{stream: i, count: n, mono: s.mono, mask: s.masks[i]})
		case n > 0:
			s.dropped[i] += n
		}
		s.staged[i], s.masks[i] = nil, 0
	}
	s.open = false
	s.batches++
	if s.onCommit != nil {
		s.onCommit()
	}
	return s.refuse
}

func (s *fakeSink) Progress() { s.progress++ }

func (s *fakeSink) WaitRoom(ctx context.Context, n int) error {
	s.waits++
	if n <= 0 {
		s.misuse("wait for room")
	}
	return ctx.Err()
}

func (s *fakeSink) Draining() <-chan struct{} { return s.drain }

func (s *fakeSink) Finish(failure *driver.Error) error {
	if s.open {
		s.misuse("finish")
	}
	if s.inWave {
		s.misuse("finish within a waveform")
	}
	s.finished++
	s.failure = failure
	return nil
}

// samples decodes a stream.
func (s *fakeSink) samples(stream int) []int64 {
	b := s.data[stream]
	if s.streams[stream].Type == driver.SampleUint8 {
		out := make([]int64, len(b))
		for i, v := range b {
			out[i] = int64(v)
		}
		return out
	}
	out := make([]int64, len(b)/2)
	for i := range out {
		out[i] = int64(int16(binary.LittleEndian.Uint16(b[2*i:])))
	}
	return out
}

// lost adds up what a stream was told as lost.
func (s *fakeSink) lost(stream int) (known, unknown int64) {
	for _, e := range s.log {
		switch {
		case e.stream != stream:
		case e.lost == driver.UnknownLoss:
			unknown++
		default:
			known += e.lost
		}
	}
	return known, unknown
}

// bench is one unit in a world of its own.
type bench struct {
	t       *testing.T
	world   *world
	clock   *fakeClock
	driver  *Driver
	crashes []string
	printed []string
	pauses  []time.Duration
	never   chan struct{}
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, clock: &fakeClock{t: 1e9}, never: make(chan struct{})}
	b.world = &world{
		rig:   rig{dir: filepath.Join(t.TempDir(), "rig"), owner: "test"},
		clock: func() clock { return b.clock },
		pause: func(d time.Duration) { b.pauses = append(b.pauses, d); b.clock.t += int64(d) },
		crash: func(how string) { b.crashes = append(b.crashes, how) },
		print: func(output, line string) { b.printed = append(b.printed, output+": "+line) },
		never: b.never,
	}
	b.driver = newDriver(b.world)
	return b
}

// open opens a unit and closes it with the test.
func (b *bench) open(req driver.OpenRequest) *Device {
	b.t.Helper()
	d, err := b.driver.Open(b.t.Context(), req)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			b.t.Error(err)
		}
	})
	return d.(*Device)
}

// acquire runs a configured unit to its end and checks what holds for every acquisition.
func (b *bench) acquire(d *Device, cfg driver.Config, prepare func(*fakeSink)) (*fakeSink, driver.Applied, driver.StopInfo, error) {
	b.t.Helper()
	applied, err := d.Configure(b.t.Context(), cfg)
	if err != nil {
		b.t.Fatalf("configure: %v", err)
	}
	s := newFakeSink(applied.Streams)
	if prepare != nil {
		prepare(s)
	}
	if err := d.Start(b.t.Context(), s); err != nil {
		b.t.Fatalf("start: %v", err)
	}
	info, err := d.Wait(b.t.Context())
	if s.misused != "" || s.finished != 1 {
		b.t.Errorf("the sink was misused (%s), finished %d times", s.misused, s.finished)
	}
	return s, applied, info, err
}

// values makes options out of alternating names and values: a string, bool, int, units value or []string.
func opts(pairs ...any) driver.Options {
	var o driver.Options
	for i := 0; i < len(pairs); i += 2 {
		v := driver.OptionValue{Name: pairs[i].(string)}
		switch x := pairs[i+1].(type) {
		case string:
			v.Kind, v.Text = driver.OptionString, x
		case path:
			v.Kind, v.Text = driver.OptionPath, string(x)
		case bool:
			v.Kind, v.Bool = driver.OptionBool, x
		case int:
			v.Kind, v.Number = driver.OptionInteger, units.Rat(int64(x), 1)
		case samples:
			v.Kind, v.Number = driver.OptionSamples, units.Rat(int64(x), 1)
		case float64:
			v.Kind, v.Number = driver.OptionNumber, units.Rat(int64(x*1e6), 1e6)
		case units.Voltage:
			v.Kind, v.Number = driver.OptionVoltage, x.Rational()
		case units.Interval:
			v.Kind, v.Number = driver.OptionInterval, x.Rational
		case units.Frequency:
			v.Kind, v.Number = driver.OptionFrequency, x.Rational
		case units.Rate:
			v.Kind, v.Number = driver.OptionRate, x.Rational
		default:
			panic(x)
		}
		o.Values = append(o.Values, v)
	}
	return o
}

type (
	path    string
	samples int64
)

// with adds a nested block to options.
func with(o driver.Options, name, label string, body driver.Options) driver.Options {
	b := driver.OptionBlock{Name: name, Options: body}
	if label != "" {
		b.Labels = []string{label}
	}
	o.Blocks = append(o.Blocks, b)
	return o
}

// fault adds a fault block to options.
func withFault(o driver.Options, kind string, pairs ...any) driver.Options {
	return with(o, "fault", kind, opts(pairs...))
}

func ms(n int64) units.Interval { return units.Seconds(n, 1000) }

// stream is a configuration of proof channels at a sample interval, for a number of samples.
func stream(interval units.Interval, n int64, channels ...string) driver.Config {
	cfg := driver.Config{Stream: &driver.StreamConfig{Interval: interval}, MaxSamples: n}
	for _, c := range channels {
		cfg.Channels = append(cfg.Channels, driver.ChannelConfig{Channel: c, Range: 5 * units.Volt, Options: opts("signal", "proof")})
	}
	return cfg
}
