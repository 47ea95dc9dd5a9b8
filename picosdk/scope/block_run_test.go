package scope

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// TestBlockSamples captures in all forms and compares every sample.
func TestBlockSamples(t *testing.T) {
	t.Parallel()
	down := func(mode driver.DownsampleMode, ratio int64, keep bool) driver.Downsample {
		return driver.Downsample{Mode: mode, Ratio: ratio, KeepRaw: keep}
	}
	for _, c := range []struct {
		name      string
		pre, post int64
		captures  int64
		down      driver.Downsample
		most      int // samples that the ring takes at once
		first     uint32
		digital   bool
		batches   int // of each waveform; 0: any number
	}{
		{name: "a block", pre: 40, post: 60, captures: 1, digital: true, batches: 1},
		{name: "nothing before", post: 7, captures: 1, batches: 1},
		{name: "nothing behind", pre: 7, captures: 1, batches: 1},
		{name: "another segment", pre: 1, post: 2, captures: 1, first: 3, digital: true, batches: 1},
		{name: "in pieces", pre: 400, post: 601, captures: 1, most: 100, digital: true},
		{name: "sample by sample", pre: 4, post: 6, captures: 1, most: 1, batches: 10},
		{name: "rapid", pre: 40, post: 60, captures: 12, digital: true, batches: 1},
		{name: "rapid, in another segment", pre: 40, post: 60, captures: 5, first: 2, batches: 1},
		{name: "rapid, some at once", pre: 40, post: 60, captures: 12, most: 500, batches: 1},
		{name: "rapid, in pieces", pre: 40, post: 60, captures: 3, most: 30},
		{name: "thousands", post: 3, captures: 5000, batches: 1},
		{name: "aggregate", pre: 40, post: 60, captures: 3, down: down(driver.DownsampleAggregate, 10, false), digital: true, batches: 1},
		{name: "aggregate beside", pre: 40, post: 60, captures: 2, down: down(driver.DownsampleAggregate, 10, true), digital: true, batches: 1},
		{name: "aggregate beside, in pieces", pre: 400, post: 600, captures: 1, down: down(driver.DownsampleAggregate, 10, true), most: 64, digital: true},
		{name: "groups longer than a piece", pre: 400, post: 600, captures: 1, down: down(driver.DownsampleAggregate, 250, true), most: 64, digital: true},
		{name: "one group", pre: 400, post: 600, captures: 2, down: down(driver.DownsampleDecimate, 1000, true), most: 64},
		{name: "decimate, in pieces", pre: 400, post: 600, captures: 1, down: down(driver.DownsampleDecimate, 5, false), most: 16, digital: true},
		{name: "average beside", pre: 40, post: 60, captures: 1, down: down(driver.DownsampleAverage, 4, true), batches: 1},
		{name: "longer, for whole groups", pre: 40, post: 61, captures: 2, down: down(driver.DownsampleAggregate, 8, true), batches: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(c.pre, c.post, c.captures, 2)
			if !c.digital {
				cfg.Digital = nil
			}
			blocksOf(&cfg).MemorySegment = c.first
			if c.down.Mode != "" {
				blocksOf(&cfg).Downsample = c.down
			}
			r := newBlockRig(t, cfg)
			if c.most > 0 {
				r.mem.most = c.most
			}
			for range 2 { // numbers begin anew with each start
				r.f.runs = 0
				r.mem = func() *memSink { s := newMemSink(t, r.applied); s.most = r.mem.most; return s }()
				info, waves := r.whole(t)
				n, raw := 2*c.captures, r.applied.PreSamples+r.applied.PostSamples
				if int64(len(waves)) != n || info.Waveforms != n || info.Delivered != n*raw || len(r.mem.finished) != 1 || r.mem.finished[0] != nil {
					t.Fatalf("%d waveforms, told %+v, finished %v", len(waves), info, r.mem.finished)
				}
				if r.mem.refusals > 17 { // once for each halving of the first size
					t.Errorf("the ring had to refuse %d times", r.mem.refusals)
				}
				for i, w := range waves {
					at := int64(i)
					if !w.whole || int64(w.begin.Arming) != at/c.captures || int64(w.begin.MemorySegment) != int64(c.first)+at%c.captures ||
						w.trigger >= 0 || c.batches > 0 && w.batches != c.batches {
						t.Fatalf("waveform %d: %+v", i, w)
					}
				}
			}
		})
	}
}

// TestBlockCalls wants many waveforms with one call.
func TestBlockCalls(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(10, 20, 100, 2)
	cfg.Digital = nil
	r := newBlockRig(t, cfg)
	r.whole(t)
	calls := []string{"RunBlock 10 20 127 0", "Ready", "TriggerTimes 0-99", "Fetch none/1 0-99 0 30"}
	wantCalls(t, r.b.taken(), append(slices.Concat(calls, calls), "Stop", "Disarm")...)
}

// TestBlockTrigger wants the trigger's place and time, also behind a delay and in a stream of groups.
func TestBlockTrigger(t *testing.T) {
	t.Parallel()
	const us = int64(1e9) // femtoseconds
	for _, c := range []struct {
		name     string
		change   func(*driver.Config)
		times    func(first, last int64) ([]TriggerTime, error)
		at       int64 // -1: not marked
		offset   int64
		captures int64
	}{
		{name: "a block", at: 40, offset: 0, captures: 1},
		{name: "rapid", at: 40, offset: -1, captures: 3},
		{name: "a delay", change: func(c *driver.Config) { c.Trigger.Delay.Samples = 7 }, at: 40, offset: -1 - 7*us, captures: 3},
		{name: "in groups", change: func(c *driver.Config) {
			blocksOf(c).Downsample = driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 25}
		}, at: 25, offset: 15*us - 1, captures: 3},
		{name: "nothing behind", change: func(c *driver.Config) { b := blocksOf(c); b.Pre.Samples, b.Post.Samples = 100, 0 }, at: 100, offset: -1, captures: 3},
		{name: "the unit does not tell", times: silentTimes, at: 40, offset: 0, captures: 3},
		{name: "nor which is automatic", change: func(c *driver.Config) { c.Trigger.Auto = time.Millisecond }, times: silentTimes, at: -1, captures: 3},
		{name: "automatic, and it tells", change: func(c *driver.Config) { c.Trigger.Auto = time.Millisecond }, at: 40, offset: -1, captures: 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, c.captures, 2)
			cfg.Digital, cfg.Trigger = nil, rising()
			if c.change != nil {
				c.change(&cfg)
			}
			r := newBlockRig(t, cfg, func(f *fakeBlocks) { f.polls, f.times = 2, c.times })
			r.mem.most = 50 // more than one batch, and the trigger in any of them
			_, waves := r.whole(t)
			w := waves[len(waves)-c2(c.captures)]
			if w.trigger != c.at || c.at >= 0 && w.offset != c.offset {
				t.Errorf("triggered at %d %+d fs, want %d %+d", w.trigger, w.offset, c.at, c.offset)
			}
			r.event(t, driver.EventTriggerWait, "waiting")
			r.event(t, driver.EventTriggered, "")
			if c.times != nil {
				r.event(t, driver.EventWarning, "does not tell when its triggers were")
			}
		})
	}
}

// c2 is how far from the end the second waveform of the last arming is, or its only one.
func c2(captures int64) int { return int(max(captures-1, 1)) }

func silentTimes(int64, int64) ([]TriggerTime, error) { return nil, errSilent }

// TestDeadTime: exact where the unit counts, by the host's clock between single blocks, else nothing.
func TestDeadTime(t *testing.T) {
	t.Parallel()
	counted := func(first, last int64) (list []TriggerTime, err error) {
		for i := first; i <= last; i++ {
			list = append(list, TriggerTime{Counter: 5000 + uint64(i)*150 - uint64(i/3), Counted: true, Missed: i})
		}
		return list, nil
	}
	uncounted := func(first, last int64) ([]TriggerTime, error) { return make([]TriggerTime, last-first+1), nil }
	partly := func(first, last int64) (list []TriggerTime, err error) {
		for i := first; i <= last; i++ {
			list = append(list, TriggerTime{Counter: uint64(1000 * i), Counted: i%2 == 1})
		}
		return list, nil
	}
	backwards := func(first, last int64) (list []TriggerTime, err error) {
		for i := first; i <= last; i++ {
			list = append(list, TriggerTime{Counter: uint64(1e6 - i*1000), Counted: true})
		}
		return list, nil
	}
	for _, c := range []struct {
		name     string
		captures int64
		times    func(first, last int64) ([]TriggerTime, error)
		inside   []int64 // ns, of the waveforms behind the first of an arming
		between  bool    // the time between two armings is told
	}{
		{"counted", 4, counted, []int64{50_000, 50_000, 49_000}, true},
		{"not counted", 3, uncounted, []int64{-1, -1}, false},
		{"counted now and then", 4, partly, []int64{-1, -1, -1}, false},
		{"a counter that falls", 3, backwards, []int64{-1, -1}, true},
		{"single blocks", 1, uncounted, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, c.captures, 2)
			cfg.Digital, cfg.Trigger = nil, rising()
			r := newBlockRig(t, cfg, func(f *fakeBlocks) { f.times, f.polls = c.times, 2 })
			_, waves := r.whole(t)
			last := int64(0)
			for i, w := range waves {
				at := i % int(c.captures)
				switch {
				case i == 0 && w.dead != -1:
					t.Errorf("the first waveform has a dead time of %d", w.dead)
				case i > 0 && at == 0 && (w.dead >= 0) != c.between:
					t.Errorf("dead time between armings: %d", w.dead)
				case at > 0 && w.dead != c.inside[at-1]:
					t.Errorf("waveform %d: dead for %d ns, want %d", i, w.dead, c.inside[at-1])
				}
				if w.mono < last || w.mono > monotonic() {
					t.Errorf("waveform %d ended at %d, the one before at %d", i, w.mono, last)
				}
				if at > 0 && w.dead > 0 && w.mono-last < w.dead+99_000 {
					t.Errorf("waveform %d ended %d ns after the one before, but was dead for %d", i, w.mono-last, w.dead)
				}
				last = w.mono
			}
			if c.name == "counted" {
				r.event(t, driver.EventWarning, "6 triggers have come so far while the unit could not take them")
			}
		})
	}
}

// TestBlockTimes: waveforms are dated by the unit's counter from the last one of their arming, also when they come in several parts.
func TestBlockTimes(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(0, 100, 2000, 1)
	cfg.Digital = nil
	r := newBlockRig(t, cfg)
	_, waves := r.whole(t)
	first, last := waves[0], waves[len(waves)-1]
	if got, want := last.mono-first.mono, int64(1999*1000*1000); got != want {
		t.Errorf("%d ns from the first to the last waveform, want %d", got, want)
	}
	fetches := 0
	for _, call := range r.b.taken() {
		if strings.HasPrefix(call, "Fetch") {
			fetches++
		}
	}
	if fetches < 2 || fetches > 4 {
		t.Errorf("%d fetches", fetches)
	}
}

// TestBlockOverRange marks the streams of the channels that were over range, in their waveform.
func TestBlockOverRange(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, blockConfig(40, 60, 3, 1), func(f *fakeBlocks) {
		f.over = func(segment int64) uint32 { return map[int64]uint32{1: 0b110}[segment] }
	})
	_, waves := r.whole(t)
	for i, w := range waves {
		want := []uint32{0, 0, 0}
		if i == 1 {
			want = []uint32{0, 0b110, 0}
		}
		if !slices.Equal(w.over, want) {
			t.Errorf("waveform %d: over range %b, want %b", i, w.over, want)
		}
	}
}

// TestEvery keeps a time between armings, and ends when the time for repeating is over, also while it waits.
func TestEvery(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40, 60, 1, 3)
	cfg.Block.Repeat.Every = 60 * time.Millisecond
	r := newBlockRig(t, cfg)
	began := monotonic()
	_, waves := r.whole(t)
	for i, w := range waves {
		if after := time.Duration(w.mono - began); after < time.Duration(i)*cfg.Block.Repeat.Every {
			t.Errorf("waveform %d comes after %s", i, after)
		}
	}
	for _, c := range []struct {
		name  string
		polls int
		every time.Duration
	}{{"while it waits", -1, 0}, {"before the next", 0, time.Hour}, {"in between", 0, 0}} {
		t.Run("time is over "+c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, 1, 0)
			cfg.Block.Repeat = driver.Repeat{For: 50 * time.Millisecond, Every: c.every}
			cfg.Trigger = rising()
			r := newBlockRig(t, cfg, func(f *fakeBlocks) { f.polls = c.polls })
			began := time.Now()
			info, _ := r.whole(t)
			if c.polls < 0 && info.Waveforms != 0 || c.polls == 0 && info.Waveforms < 1 {
				t.Errorf("got %+v", info)
			}
			if took := time.Since(began); c.every == 0 && took < 50*time.Millisecond || took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// TestBlockNotes: what differs from what was asked is told.
func TestBlockNotes(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(0, 0, 1, 1)
	cfg.Block.Pre, cfg.Block.Post = driver.Span{Time: units.Seconds(1, 3e5)}, driver.Span{Time: units.Seconds(10, 1e6)}
	cfg.Block.Interval = units.Seconds(1001, 1e9)
	cfg.Block.Downsample = driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 4, KeepRaw: true}
	r := newBlockRig(t, cfg)
	a := r.applied
	if a.Mode != driver.ModeBlock || a.Timebase != 127 || a.Interval.Cmp(units.Rat(1, 1_000_000)) != 0 || a.PreSamples != 4 || a.PostSamples != 12 {
		t.Errorf("got %+v", a)
	}
	text := strings.Join(a.Notes, "; ")
	if !strings.Contains(text, "samples every 1 us; asked for 1.001 us") || !strings.Contains(text, "made longer") {
		t.Errorf("notes %q", a.Notes)
	}
	for _, s := range a.Streams {
		if s.Ratio > 1 && s.Computed != "device" || s.WaveformSamples != 16/s.Ratio {
			t.Errorf("stream %+v", s)
		}
	}
}
