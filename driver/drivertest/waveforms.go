package drivertest

import (
	"math/big"
	"slices"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

var blockRules = []rule{
	{"captures blocks", func(k *kit) { checkBlocks(k, driver.ModeBlock, 1) }},
	{"captures rapid blocks", func(k *kit) { checkBlocks(k, driver.ModeRapidBlock, 12) }},
	{"aggregates beside the raw samples of a block", checkBlockAggregates},
	{"waits for room", checkWaitsForRoom},
	{"stops between blocks", checkBlockStop},
}

var triggerRules = []rule{
	{"waits for a trigger", checkTriggerWait},
	{"triggers by itself after a time", checkAutoTrigger},
	{"stops a stream after a trigger", checkStopAfterTrigger},
}

// waves is the account of the waveforms of a ring.
type waves struct {
	open     bool
	number   uint32 // of the open one
	arming   uint32
	have     []uint64
	start    []uint64 // lane positions
	trigger  bool
	complete int
	broken   int
	armings  []int // waveforms of each
	stamp    int64 // of the latest beginning
	position []int64
}

// takeWave checks what a descriptor says of waveforms. Data are checked by the ring before.
func (r *ring) takeWave(d shmring.Desc) {
	r.k.Helper()
	w := &r.waves
	if r.applied.Mode == driver.ModeStream {
		return
	}
	switch d.Type {
	case shmring.DescWaveBegin:
		r.beginWave(d)
	case shmring.DescData:
		if !w.open {
			r.k.Fatalf("samples outside of a waveform, at sample %d", d.FirstSample)
		}
		w.have[d.Lane] += uint64(d.Count)
	case shmring.DescGap:
		r.k.Fatalf("a block mode has lost samples (cause %d), but has to wait for room", d.Code)
	case shmring.DescTrigger:
		if w.open && !w.trigger {
			w.trigger = true
			w.position = append(w.position, r.triggerAt(d))
		}
	case shmring.DescWaveEnd:
		r.endWave(d)
	}
}

func (r *ring) beginWave(d shmring.Desc) {
	r.k.Helper()
	w := &r.waves
	switch {
	case w.open:
		r.k.Fatalf("waveform %d begins inside of waveform %d", d.Waveform, w.number)
	case d.Waveform != uint32(w.complete+w.broken):
		r.k.Fatalf("waveform number %d, want %d", d.Waveform, w.complete+w.broken)
	case d.Code < w.arming || int(d.Code) > len(w.armings):
		r.k.Fatalf("waveform %d is of arming %d, the one before of arming %d", d.Waveform, d.Code, w.arming)
	case d.TMonoNS < w.stamp || d.TMonoNS > shmring.MonoNow():
		r.k.Errorf("waveform %d has the stamp %d, after %d; stamps are CLOCK_MONOTONIC of its last sample", d.Waveform, d.TMonoNS, w.stamp)
	}
	if int(d.Code) == len(w.armings) {
		w.armings = append(w.armings, 0)
	}
	w.armings[d.Code]++
	w.open, w.number, w.arming, w.stamp, w.trigger = true, d.Waveform, d.Code, d.TMonoNS, false
	w.have, w.start = make([]uint64, len(r.lanes)), make([]uint64, len(r.lanes))
	for i, l := range r.lanes {
		w.start[i] = l.next
	}
	if raw := r.rawLength(); int64(d.Aux) != raw {
		r.k.Errorf("waveform %d says that it has %d raw samples, the streams' lengths are of %d", d.Waveform, d.Aux, raw)
	}
}

func (r *ring) endWave(d shmring.Desc) {
	r.k.Helper()
	w := &r.waves
	if !w.open {
		r.k.Fatalf("the end of a waveform that has not begun")
	}
	w.open = false
	if d.Aux != 0 {
		w.broken++
		return
	}
	w.complete++
	for i, s := range r.applied.Streams {
		if w.have[i] != uint64(s.WaveformSamples) {
			r.k.Fatalf("%s %s: waveform %d has %d samples, promised were %d", s.Channel, s.Kind, w.number, w.have[i], s.WaveformSamples)
		}
	}
}

// rawLength is the length of a waveform in raw samples, the same for all streams.
func (r *ring) rawLength() int64 {
	s := r.applied.Streams[0]
	return s.WaveformSamples * s.Ratio
}

// triggerAt is the sample of the open waveform that a trigger lies nearest to.
func (r *ring) triggerAt(d shmring.Desc) int64 {
	s := r.applied.Streams[d.Lane]
	fs := new(big.Rat).Mul(r.applied.Interval.Big(), new(big.Rat).SetInt64(1e15*s.Ratio))
	away := new(big.Rat).Quo(new(big.Rat).SetInt64(int64(d.Aux)), fs)
	n, _ := away.Float64()
	if n < 0 {
		return int64(d.FirstSample-r.waves.start[d.Lane]) + int64(n-0.5)
	}
	return int64(d.FirstSample-r.waves.start[d.Lane]) + int64(n+0.5)
}

// mode returns what the unit can do in a mode; a rule is skipped where it cannot.
func (u *unit) mode(m driver.Mode) driver.ModeCapabilities {
	u.k.Helper()
	c, ok := u.caps.Mode(m)
	if !ok || !c.Ready {
		u.k.Skipf("this driver does not know the mode %s yet: %s", m, c.NotReady)
	}
	return c
}

// block chooses a configuration of a block mode that the unit must be able to do.
func (u *unit) block(m driver.ModeCapabilities, pre, post, captures int64) driver.Config {
	u.k.Helper()
	if m.MaxSamples > 0 && m.MaxSamples < pre+post || m.MaxCaptures > 0 && m.MaxCaptures < captures {
		u.k.Skipf("a waveform has at most %d samples, and an arming %d waveforms", m.MaxSamples, m.MaxCaptures)
	}
	cfg := u.base(m)
	b := driver.BlockConfig{
		Pre: driver.Span{Samples: pre}, Post: driver.Span{Samples: post}, Interval: u.nearest(m, cfg, units.Seconds(1, 1_000_000)),
		Repeat: driver.Repeat{Count: 3}, Downsample: driver.Downsample{Mode: driver.DownsampleNone, Ratio: 1},
	}
	cfg.Stream = nil
	if m.Mode == driver.ModeRapidBlock {
		cfg.RapidBlock = &driver.RapidBlockConfig{BlockConfig: b, Captures: captures}
	} else {
		cfg.Block = &b
	}
	return cfg
}

// checkLengths compares what was applied with what was asked for: a driver may lengthen a waveform, and says so.
func checkLengths(k *kit, a driver.Applied, mode driver.Mode, pre, post int64) {
	k.Helper()
	if a.Mode != mode {
		k.Errorf("mode %q, asked for %q", a.Mode, mode)
	}
	if a.PreSamples < pre || a.PostSamples < post {
		k.Errorf("%d samples before and %d behind the trigger, asked for %d and %d", a.PreSamples, a.PostSamples, pre, post)
	}
	for _, s := range a.Streams {
		if s.WaveformSamples*s.Ratio != a.PreSamples+a.PostSamples {
			k.Errorf("%s %s: waveforms of %d samples of ratio %d are not the %d + %d raw samples that were applied", s.Channel, s.Kind,
				s.WaveformSamples, s.Ratio, a.PreSamples, a.PostSamples)
		}
	}
}

func checkBlocks(k *kit, mode driver.Mode, captures int64) {
	u := k.open()
	cfg := u.block(u.mode(mode), 40, 60, captures)
	a := u.configure(cfg)
	checkLengths(k, a, mode, 40, 60)
	for range 2 { // numbers begin anew with each start
		r := u.begin(a, time.Second)
		info := u.whole(r)
		if want := int(3 * captures); r.waves.complete != want || r.waves.broken != 0 || info.Waveforms != int64(want) {
			k.Errorf("%d whole waveforms and %d others in the ring, Wait says %d; want %d", r.waves.complete, r.waves.broken, info.Waveforms, want)
		}
		if len(r.waves.armings) != 3 || slices.ContainsFunc(r.waves.armings, func(n int) bool { return int64(n) != captures }) {
			k.Errorf("waveforms of the armings: %v, want 3 times %d", r.waves.armings, captures)
		}
	}
}

// whole waits until all is captured, and compares the accounts.
func (u *unit) whole(r *ring) driver.StopInfo {
	u.k.Helper()
	r.until("the end of all waveforms", r.c.EOS)
	info := u.end(r)
	if info.Reason != driver.StopCompleted {
		u.k.Errorf("it captured all that was configured, and says the reason is %q", info.Reason)
	}
	if r.waves.open {
		u.k.Errorf("waveform %d was not ended", r.waves.number)
	}
	r.account(info)
	return info
}

func checkBlockAggregates(k *kit) {
	u := k.open()
	m := u.mode(driver.ModeBlock)
	if !slices.Contains(m.Downsample, driver.DownsampleAggregate) || m.MaxRatio < downsampleRatio || !m.RawBeside {
		k.Skipf("this driver cannot aggregate beside the raw samples of a block")
	}
	cfg := u.block(m, 40, 61, 1) // no whole number of groups: it has to be lengthened
	cfg.Digital = nil
	u.analog(cfg)
	cfg.Block.Downsample = driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: downsampleRatio, KeepRaw: true}
	a := u.configure(cfg)
	checkLengths(k, a, driver.ModeBlock, 40, 61)
	checkStreams(k, cfg, a, []driver.StreamKind{driver.StreamMin, driver.StreamMax, driver.StreamRaw})
	r := u.begin(a, time.Second)
	kept := newKeeper(a)
	r.keep = kept.take
	u.whole(r)
	kept.compare(k)
}

// checkWaitsForRoom leaves the ring alone for a while: nothing may be lost.
func checkWaitsForRoom(k *kit) {
	u := k.open()
	cfg := u.block(u.mode(driver.ModeBlock), 0, 300_000, 1)
	cfg.Channels, cfg.Digital = cfg.Channels[:min(1, len(cfg.Channels))], nil
	u.analog(cfg)
	r := u.begin(u.configure(cfg), time.Second)
	ctx, cancel := k.context()
	defer cancel()
	sleep(ctx, k.wait(500*time.Millisecond))
	u.whole(r)
	if r.waves.complete != 3 {
		k.Errorf("%d waveforms, want 3", r.waves.complete)
	}
}

func checkBlockStop(k *kit) {
	u := k.open()
	cfg := u.block(u.mode(driver.ModeBlock), 40, 60, 1)
	cfg.Block.Repeat = driver.Repeat{Forever: true}
	r := u.begin(u.configure(cfg), time.Second)
	r.until("some waveforms", func() bool { return r.waves.complete >= 3 })
	info := u.end(r)
	if info.Reason != driver.StopRequested {
		k.Errorf("it was stopped, and says the reason is %q", info.Reason)
	}
	if int(info.Waveforms) != r.waves.complete {
		k.Errorf("%d whole waveforms in the ring, Wait says %d", r.waves.complete, info.Waveforms)
	}
}
