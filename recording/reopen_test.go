package recording

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// seedOf returns the seed of a random test: that of SCOPELOG_SEED, else a new one with SCOPELOG_LONG=1, else a fixed one. It is printed.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(1)
	if text := os.Getenv("SCOPELOG_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("SCOPELOG_SEED: %v", err)
		}
		seed = n
	} else if os.Getenv("SCOPELOG_LONG") == "1" {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("SCOPELOG_SEED=%d", seed)
	return seed
}

// plugRun is a run on a disk that is pulled out now and then.
type plugRun struct {
	t    *testing.T
	rng  *rand.Rand
	disk *plugDisk
	base *memFS // what is sure to be on the disk at the latest plug
	run  *Run
	dev  *DeviceWriter
	info DeviceInfo
	at   int64 // raw device index of the next sample
	wave int64 // number of the next waveform
	lost []int64
	gone []int64 // waveforms
	told int64   // samples of stream 0 told as lost by the test itself
}

func newPlugRun(t *testing.T, info DeviceInfo, rng *rand.Rand) *plugRun {
	t.Helper()
	p := &plugRun{t: t, rng: rng, disk: newPlugDisk(), info: info, base: newMemFS(), lost: make([]int64, len(info.Streams))}
	p.disk.cur.dirs["/rec"] = true
	run, err := Create("/rec", "soak", Options{FS: p.disk, Now: testClock(), BootID: testBoot, Started: testStart, SHA512: rng.IntN(2) == 0})
	if err != nil {
		t.Fatal(err)
	}
	p.run = run
	if p.dev, err = run.AddDevice(info); err != nil {
		t.Fatal(err)
	}
	if err := p.dev.StartEpoch(Epoch{FirstMonoNS: 8e12, FirstUTCNS: testStart.UnixNano()}); err != nil {
		t.Fatal(err)
	}
	return p
}

// reopen plugs the disk in again and opens the files anew.
func (p *plugRun) reopen() {
	p.t.Helper()
	if _, _, out := p.disk.now(); out != nil && p.rng.IntN(4) == 0 {
		if _, err := p.dev.Reopen(context.Background()); err == nil {
			p.t.Fatal("the files are opened while the disk is away")
		}
	}
	p.base = p.disk.plug(crashFate(p.rng.IntN(int(fateCount))), p.base, p.rng)
	res, err := p.dev.Reopen(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	for i, n := range res.Lost {
		p.lost[i] += n
	}
	p.gone = append(p.gone, res.Waveforms...)
}

// retry does something with the disk until it works. It tells whether the disk was opened anew meanwhile.
func (p *plugRun) retry(f func() error) (again bool) {
	p.t.Helper()
	for range 10 {
		err := f()
		if err == nil {
			return again
		}
		p.reopen()
		again = true
	}
	p.t.Fatal("it does not work")
	return
}

// add appends n raw samples to all streams.
func (p *plugRun) add(n int64) {
	p.t.Helper()
	for i, s := range p.info.Streams {
		ratio := max(s.Ratio, 1)
		to := (p.at + n) / ratio
		p.retry(func() error {
			_, next := p.dev.Next(i)
			return p.dev.Append(i, next, ramp16(next, int(to-next)), stampAt(next*ratio))
		})
	}
	p.at += n
}

func (p *plugRun) gap(n int64) {
	p.t.Helper()
	for i, s := range p.info.Streams {
		if err := p.dev.Gap(i, Gap{Cause: CauseRingFull, Lost: n / max(s.Ratio, 1), Exact: true}); err != nil {
			p.t.Fatal(err)
		}
	}
	p.at += n
	p.told += n
}

// addWave appends a waveform to all streams; one that the disk has lost meanwhile is given up.
func (p *plugRun) addWave() {
	p.t.Helper()
	if err := p.dev.BeginWaveform(Waveform{Number: p.wave}); err != nil {
		p.t.Fatal(err)
	}
	number := p.wave
	p.wave++
	_, first := p.dev.Next(0)
	n := p.info.Streams[0].Global.WaveformSamples
	for i := range p.info.Streams {
		for to := first + n/2; to <= first+n; to += n / 2 {
			before := slices.Clone(p.lost)
			p.retry(func() error {
				if !slices.Equal(before, p.lost) {
					return nil
				}
				_, next := p.dev.Next(i)
				return p.dev.Append(i, next, ramp16(next, int(to-next)), stampAt(next))
			})
			if !slices.Equal(before, p.lost) {
				if err := p.dev.DropWaveform("the disk lost it"); err != nil {
					p.t.Fatal(err)
				}
				p.gone = append(p.gone, number)
				return
			}
			if p.rng.IntN(40) == 0 {
				p.disk.pull()
			}
		}
	}
	if err := p.dev.EndWaveform(); err != nil {
		p.t.Fatal(err)
	}
}

func (p *plugRun) sync() {
	p.t.Helper()
	c := ClockPair{Epoch: 0, Index: p.at, MonoNS: stampAt(p.at).MonoNS, UTCNS: stampAt(p.at).UTCNS, State: "synchronised"}
	_, err := p.dev.Sync(context.Background(), p.dev.Checkpoint(&c, &RingFacts{}))
	if err != nil && p.rng.IntN(2) == 0 {
		p.reopen()
	}
}

// finish ends the run, with the disk there.
func (p *plugRun) finish() {
	p.t.Helper()
	if _, _, err := p.disk.now(); err != nil {
		p.reopen()
	}
	// An error with everything sealed tells of samples that nothing vouches for; the check looks for more.
	if err := p.dev.Finish(context.Background(), SealStop, nil, nil); err != nil && errors.Is(err, ErrClosed) {
		p.t.Fatal(err)
	}
	if err := p.run.Close(End{Reason: "stop"}); err != nil {
		p.t.Fatal(err)
	}
}

// check reads the recording: each sample that is there has the value of its place, and all others are in gaps.
func (p *plugRun) check() {
	p.t.Helper()
	dir := p.run.Dir()
	report := mustVerify(p.t, p.disk, dir, VerifyOptions{})
	if len(report.Problems) > 0 || report.State != StateSealed {
		p.t.Errorf("state %s, problems %v", report.State, report.Problems)
	}
	for _, d := range report.Damage() {
		if d.Kind != DamageUnverified || !d.Known {
			p.t.Errorf("%v", d)
		}
	}
	rec, err := OpenWith(dir, OpenOptions{FS: p.disk, Damaged: true})
	if err != nil {
		p.t.Fatal(err)
	}
	if problems := rec.Problems(); len(problems) > 0 {
		p.t.Errorf("open: %v", problems)
	}
	run := rec.Run().Device("cell")
	for i, s := range rec.Streams() {
		lost, gaps := int64(0), int64(0)
		for _, g := range s.Gaps() {
			lost += g.Lost
			gaps++
			if !g.Exact || g.Cause != CauseDisk && g.Cause != CauseRingFull {
				p.t.Errorf("%s: gap %+v", s.Name(), g)
			}
		}
		t := run.Streams[i]
		if t.Recorded != s.Samples() || t.Lost != lost || t.Gaps != gaps || t.LostMin != lost || t.LostMax != lost {
			p.t.Errorf("%s: %d samples, %d lost in %d gaps; run.json says %+v", s.Name(), s.Samples(), lost, gaps, t)
		}
		if p.info.Mode.Block() {
			continue
		}
		ratio := max(p.info.Streams[i].Ratio, 1)
		if s.Samples()+lost != p.at/ratio || lost != p.told/ratio+p.lost[i] {
			p.t.Errorf("%s: %d samples and %d lost of %d; %d lost to the disk, %d told", s.Name(), s.Samples(), lost, p.at/ratio, p.lost[i], p.told/ratio)
		}
	}
	p.checkValues(rec)
	if p.info.Mode.Block() {
		p.checkWaves(rec)
	}
}

// checkValues compares each sample with its device index.
func (p *plugRun) checkValues(rec *Recording) {
	p.t.Helper()
	for _, s := range rec.Streams() {
		for _, g := range s.Segments() {
			b, err := p.disk.ReadFile(p.run.path(g.DataFile()))
			if err != nil {
				p.t.Fatal(err)
			}
			caps := s.Captures()
			for at := g.Start; at < g.End(); at++ {
				var c Capture
				for _, x := range caps {
					if x.SampleStart <= at {
						c = x
					}
				}
				want := ramp16(c.GlobalIndex+at-c.SampleStart, 1)
				if k := 2 * (at - g.Start); b[k] != want[0] || b[k+1] != want[1] {
					p.t.Fatalf("%s: sample %d of segment %d is wrong", s.Name(), at, g.Number)
				}
			}
		}
	}
}

// checkWaves wants all waveforms that were begun either there or told as lost, never both.
func (p *plugRun) checkWaves(rec *Recording) {
	p.t.Helper()
	seen := map[int64]int{}
	for _, n := range p.gone {
		seen[n]++
	}
	for _, c := range rec.Streams()[0].Captures() {
		seen[*c.Waveform]++
	}
	for n := range p.wave {
		if seen[n] != 1 {
			p.t.Errorf("waveform %d is there or lost %d times", n, seen[n])
		}
	}
	events, err := rec.Events()
	if err != nil {
		p.t.Fatal(err)
	}
	lost := map[int64]bool{}
	for _, e := range events {
		if e.Kind == EventWaveformLost {
			for n := range lostNumbers(e.Text) {
				lost[n] = true
			}
		}
	}
	for _, n := range p.gone {
		if !lost[n] {
			p.t.Errorf("no event tells of waveform %d", n)
		}
	}
}

// TestDiskPulledOut pulls the disk out at random moments, and plugs it in again with whatever a crash leaves on it: the same run goes on, what was
// synced is there, what is lost is told to the sample.
func TestDiskPulledOut(t *testing.T) {
	blocks := rawInfo(0, "A", "B")
	blocks.Mode = ModeRapidBlock
	for i := range blocks.Streams {
		blocks.Streams[i].Global.WaveformSamples = 64
	}
	cutBlocks := blocks
	cutBlocks.CutSamples = 320
	aggregate := rawInfo(0, "A")
	aggregate.Streams = append(aggregate.Streams, StreamInfo{Channel: "A", Kind: KindMin, Ratio: 10, Global: Global{Scale: 1}}, StreamInfo{Channel: "A", Kind: KindMax, Ratio: 10, Global: Global{Scale: 1}})
	seed := seedOf(t)
	runs := 40
	if raceEnabled || testing.Short() {
		runs = 6
	}
	if os.Getenv("SCOPELOG_LONG") == "1" {
		runs = 3000
	}
	for k, c := range []struct {
		name string
		info DeviceInfo
	}{
		{"two streams", rawInfo(0, "A", "B")},
		{"two streams in segments", rawInfo(500, "A", "B")},
		{"an aggregate beside raw", aggregate},
		{"waveforms", blocks},
		{"waveforms in segments", cutBlocks},
	} {
		t.Run(c.name, func(t *testing.T) {
			again := 0
			for n := range runs {
				rng := rand.New(rand.NewPCG(seed+uint64(n), uint64(k)))
				p := newPlugRun(t, c.info, rng)
				for range 30 {
					switch x := rng.IntN(20); {
					case x < 3:
						p.disk.pull()
					case x < 8:
						p.sync()
					case x < 9 && !c.info.Mode.Block():
						p.gap(10 * int64(1+rng.IntN(20)))
					case c.info.Mode.Block():
						p.addWave()
					default:
						p.add(10 * int64(1+rng.IntN(30)))
					}
				}
				p.finish()
				p.check()
				again += p.disk.gen
				if t.Failed() {
					t.Fatalf("run %d, seed %d", n, seed)
				}
			}
			if t.Logf("plugged in %d times", again); again == 0 {
				t.Error("the disk was never pulled out")
			}
		})
	}
}
