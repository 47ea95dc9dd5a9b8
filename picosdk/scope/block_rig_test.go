package scope

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// blockRig is a unit that is configured for a block mode.
type blockRig struct {
	*rig
	f       *fakeBlocks
	applied driver.Applied
	mem     *memSink
}

// blockConfig captures so many samples of A, B and the second port, in armings of some waveforms; 1: blocks.
func blockConfig(pre, post, captures, repeat int64) driver.Config {
	cfg := easyConfig()
	cfg.Digital = []driver.DigitalConfig{{Port: "D8-15"}}
	cfg.Stream = nil
	c := driver.BlockConfig{
		Pre: driver.Span{Samples: pre}, Post: driver.Span{Samples: post}, Interval: units.Seconds(1, 1_000_000),
		Repeat: driver.Repeat{Count: repeat}, Downsample: driver.Downsample{Mode: driver.DownsampleNone, Ratio: 1},
	}
	if captures == 1 {
		cfg.Block = &c
	} else {
		cfg.RapidBlock = &driver.RapidBlockConfig{BlockConfig: c, Captures: captures}
	}
	return cfg
}

// blocksOf are the settings that both modes share.
func blocksOf(cfg *driver.Config) *driver.BlockConfig {
	if cfg.Block != nil {
		return cfg.Block
	}
	return &cfg.RapidBlock.BlockConfig
}

// rising is a trigger for the fake unit.
func rising() *driver.TriggerConfig {
	return &driver.TriggerConfig{Levels: []driver.LevelCondition{{Name: "A", Source: "A", Direction: driver.DirectionRising, Threshold: units.Volt}}}
}

// openBlocks opens a unit that captures blocks.
func openBlocks(t *testing.T) *blockRig {
	t.Helper()
	b := newBench(t, "5444DMSO")
	f := &fakeBlocks{memory: 1 << 20, segments: 1, most: 1 << 16, captures: 1, asleep: make(chan struct{}, 1)}
	b.units[0].blocks = f
	r := &blockRig{rig: &rig{b: b, unit: b.units[0]}, f: f}
	r.dev = b.open(b.driver(), driver.OpenRequest{})
	return r
}

func newBlockRig(t *testing.T, cfg driver.Config, change ...func(*fakeBlocks)) *blockRig {
	t.Helper()
	r := openBlocks(t)
	for _, c := range change {
		c(r.f)
	}
	r.b.taken()
	var err error
	if r.applied, err = r.dev.Configure(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	r.mem = newMemSink(t, r.applied)
	return r
}

func (r *blockRig) begin(t *testing.T) {
	t.Helper()
	r.b.taken()
	if err := r.dev.Start(t.Context(), r.mem); err != nil {
		t.Fatal(err)
	}
}

// whole starts and waits for the end, which must be in order.
func (r *blockRig) whole(t *testing.T) (driver.StopInfo, []fakeWave) {
	t.Helper()
	r.begin(t)
	info, err := r.wait(t)
	if err != nil || info.Reason != driver.StopCompleted {
		t.Fatalf("ended by %q, %v", info.Reason, err)
	}
	return info, r.waves(t)
}

// batches waits until there are so many.
func (r *blockRig) batches(t *testing.T, n int) {
	t.Helper()
	for limit := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, have := r.mem.seen(); have >= n {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("no %d batches", n)
		}
	}
}

// stop stops within a time.
func (r *blockRig) stop(t *testing.T) driver.StopInfo {
	t.Helper()
	return r.stopWithin(t, 10*time.Second)
}

func (r *blockRig) stopWithin(t *testing.T, limit time.Duration) driver.StopInfo {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	if err := r.dev.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	info, err := r.wait(t)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// fakeWave is a waveform as the sink has got it.
type fakeWave struct {
	begin   driver.Mark
	dead    int64 // -1: not told
	mono    int64
	trigger int64 // raw sample; -1: not marked
	offset  int64
	within  uint32
	whole   bool
	batches int
	over    []uint32 // by stream
}

// waves reads what is in the sink, and checks every sample of whole waveforms. The run of the fake unit is that of the arming.
func (r *blockRig) waves(t *testing.T) []fakeWave {
	t.Helper()
	var list []fakeWave
	var w *fakeWave
	var start []int
	for _, batch := range r.mem.batches {
		var end *driver.Mark
		for i, m := range batch.marks {
			switch m.Kind {
			case driver.MarkWaveBegin:
				if w != nil || int(m.Waveform) != len(list) {
					t.Fatalf("waveform %d begins behind %d others, inside of one: %v", m.Waveform, len(list), w != nil)
				}
				w, start = &fakeWave{begin: m, dead: -1, mono: batch.mono, trigger: -1, over: make([]uint32, len(r.mem.lanes))}, batch.first
			case driver.MarkDeadTime:
				w.dead = m.DeadTimeNS
			case driver.MarkTrigger:
				if w.trigger >= 0 {
					t.Errorf("waveform %d is triggered twice", w.begin.Waveform)
				}
				ratio := r.applied.Streams[m.Stream].Ratio
				w.within = m.Within
				w.trigger, w.offset = (int64(batch.first[m.Stream]-start[m.Stream])+m.Position)*ratio, m.OffsetFS
			case driver.MarkWaveEnd:
				end = &batch.marks[i]
			}
		}
		if w == nil {
			t.Fatal("a batch outside of a waveform")
		}
		for i, mask := range batch.over {
			w.over[i] |= mask
		}
		w.batches++
		if end == nil {
			continue
		}
		if w.whole = !end.Incomplete; w.whole {
			r.compare(t, w, batch, start)
		}
		list = append(list, *w)
		w = nil
	}
	if w != nil {
		t.Errorf("waveform %d has no end", w.begin.Waveform)
	}
	return list
}

// compare holds a waveform against what the fake unit has captured.
func (r *blockRig) compare(t *testing.T, w *fakeWave, last memBatch, start []int) {
	t.Helper()
	raw := r.applied.PreSamples + r.applied.PostSamples
	if w.begin.Samples != raw {
		t.Errorf("a waveform of %d samples, want %d", w.begin.Samples, raw)
	}
	for i, s := range r.applied.Streams {
		if n := last.first[i] + last.count[i] - start[i]; int64(n) != s.WaveformSamples || s.WaveformSamples*s.Ratio != raw {
			t.Fatalf("%s %s: %d samples of a waveform, promised %d, of %d raw ones", s.Channel, s.Kind, n, s.WaveformSamples, raw)
		}
		source := Source{Digital: s.Digital}
		if s.Digital {
			source.Index, _ = picosdk.PortIndex(s.Channel)
		} else {
			source.Index, _ = picosdk.ChannelIndex(s.Channel)
		}
		for g := range s.WaveformSamples {
			want := code(source, int(w.begin.Arming)+1, int64(w.begin.MemorySegment), g*s.Ratio)
			for k := range s.Ratio {
				v := code(source, int(w.begin.Arming)+1, int64(w.begin.MemorySegment), g*s.Ratio+k)
				switch s.Kind {
				case driver.StreamMin:
					want = min(want, v)
				case driver.StreamMax:
					want = max(want, v)
				}
			}
			at := start[i] + int(g)
			got := int64(r.mem.lanes[i][at])
			if !s.Digital {
				got = int64(int16(binary.LittleEndian.Uint16(r.mem.lanes[i][2*at:])))
			}
			if got != want {
				t.Fatalf("waveform %d, %s %s, sample %d: %d, want %d", w.begin.Waveform, s.Channel, s.Kind, g, got, want)
			}
		}
	}
}
