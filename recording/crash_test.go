package recording

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// crashScripts are the runs that are interrupted at every operation.
var crashScripts = []struct {
	name  string
	build func(t testing.TB) *corpusRun
}{
	{"two streams, gaps, a restart", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
		c.epoch(0, "start")
		for i := range 5 {
			c.addAll(90)
			c.sync()
			c.addAll(30)
			switch i {
			case 1:
				c.gap(CauseRingFull, 40, true)
			case 3:
				c.gap(CauseRestart, 200, false)
				_, next := c.dev.Next(0)
				c.epoch(next, "restart")
			}
			c.addAll(60)
		}
		c.end()
		return c
	}},
	{"rotated, an aggregate beside raw", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(200, StreamInfo{Channel: "A"}, StreamInfo{Channel: "A", Kind: KindMin, Ratio: 10}, StreamInfo{Channel: "A", Kind: KindMax, Ratio: 10}))
		c.epoch(0, "start")
		for i := range 6 {
			c.addAll(70)
			if i == 3 {
				c.gap(CauseDisk, 120, true)
			}
			c.addAll(50)
			c.sync()
		}
		c.end()
		return c
	}},
	{"rapid block, rotated", func(t testing.TB) *corpusRun {
		info := corpusInfo(96, StreamInfo{Channel: "A", Global: Global{WaveformSamples: 32}}, StreamInfo{Channel: "B", Global: Global{WaveformSamples: 32}})
		info.Mode = ModeRapidBlock
		c := newCorpusRun(t, info)
		c.epoch(0, "start")
		for n := range int64(10) {
			c.wave(n)
			if n%2 == 1 {
				c.sync()
			}
		}
		c.must(c.dev.BeginWaveform(Waveform{Number: 10}))
		c.add(0, 32)
		c.add(1, 9)
		c.end()
		// The last waveform was cut off again.
		for name, list := range c.truth {
			c.truth[name] = list[:len(list)-1]
			c.synced[len(c.synced)-1].n[name] = 320
		}
		return c
	}},
	{"blocks in chunks, some lost, a restart", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusBlocks(0))
		c.epoch(0, "start")
		for n := range int64(8) {
			switch n {
			case 2, 5:
				c.lostWave(n)
			case 6:
				_, next := c.dev.Next(0)
				c.epoch(next, "restart")
				fallthrough
			default:
				c.chunkedWave(n)
			}
		}
		c.end()
		return c
	}},
	{"waveforms, many a sync, not rotated", func(t testing.TB) *corpusRun {
		return corpusNamed(t, "waveforms, many a sync, not rotated").build(t)
	}},
	{"retention", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(100, StreamInfo{Channel: "A"}))
		c.epoch(0, "start")
		for i := range 6 {
			c.addAll(100)
			c.sync()
			if i >= 3 {
				_, err := c.run.DropOldest()
				c.must(err)
			}
		}
		c.end()
		return c
	}},
	{"retention of all that is sealed", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(100, StreamInfo{Channel: "A"}))
		c.epoch(0, "start")
		for range 4 {
			c.addAll(120)
			c.sync()
			_, err := c.run.DropOldest()
			c.must(err)
		}
		c.addAll(20) // nothing of the next segment is synced when the last sealed one goes
		c.sync()
		_, err := c.run.DropOldest()
		c.must(err)
		c.addAll(100)
		c.end()
		return c
	}},
	{"kept around events only", buildNotKept},
	{"waveforms kept around events only", buildNotKeptWaves},
	{"other settings, the first segment dropped", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
		c.epoch(0, "start")
		c.addAll(100)
		c.sync()
		c.must(c.dev.Reconfigure(c.info.RawInterval, corpusInfo(0, StreamInfo{Channel: "A"}, StreamInfo{Channel: "C"}).Streams))
		c.addAll(100)
		c.sync()
		_, err := c.run.DropOldest()
		c.must(err)
		delete(c.truth, "cell.B")
		c.addAll(50)
		c.end()
		return c
	}},
	{"inferred loss and annotations", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}))
		c.epoch(0, "start")
		for i := range int64(4) {
			c.addAll(150)
			c.dev.Annotate(0, Annotation{SampleStart: i*150 + 20, SampleCount: 40, Label: LabelOverRange, Exact: new(false)})
			c.sync()
		}
		c.end()
		return c
	}},
}

// TestCrashModel interrupts each script at each of its operations, with every fate of what was not synced, and repairs what is left. Never may a
// sample be wrong or a synced one be lost, and verify must be content.
func TestCrashModel(t *testing.T) {
	for i, script := range crashScripts {
		t.Run(script.name, func(t *testing.T) {
			t.Parallel()
			c := script.build(t)
			states := crashStates(t, c, uint64(i))
			t.Logf("%d operations, %d crash states", len(c.fs.ops), states)
		})
	}
}

// crashEffort is how much of the space of crash states is explored: every step-th pair of operation and fate, random fates drawn repeats times.
func crashEffort() (step, repeats int) {
	switch {
	case os.Getenv("SCOPELOG_LONG") == "1":
		return 1, 16
	case raceEnabled || testing.Short():
		return 97, 1
	}
	return 5, 1
}

func crashStates(t *testing.T, c *corpusRun, seed uint64) (states int) {
	disk := newCrashDisk(c.fs.dirs)
	rng := rand.New(rand.NewPCG(seed, 7))
	promised := map[string]int64{}
	next, turn := 0, 0
	step, repeats := crashEffort()
	if step > 1 { // long scripts are not looked at more often than short ones; odd, so that every fate has its turn
		step = max(step, len(c.fs.ops)*int(fateCount)/600|1)
	}
	for ops := 0; ops <= len(c.fs.ops); ops++ {
		for next < len(c.synced) && c.synced[next].ops <= ops {
			promised = c.synced[next].n
			next++
		}
		for f := range fateCount {
			if turn++; turn%step != 0 {
				continue
			}
			n := 1
			if f == fateTorn || f == fateScatter || f == fateGarbage {
				n = repeats
			}
			for range n {
				m := disk.materialise(f, rng)
				states++
				if f == fateAll {
					if err := checkKilled(t, c, m); err != nil {
						t.Errorf("killed before operation %d of %d: %v", ops, len(c.fs.ops), err)
					}
				}
				if err := checkCrash(t, c, m, promised, rng); err != nil {
					t.Errorf("crash before operation %d of %d, %s: %v", ops, len(c.fs.ops), f, err)
				}
				if t.Failed() {
					return states
				}
			}
		}
		if ops < len(c.fs.ops) {
			disk.apply(c.fs.ops[ops])
		}
	}
	return states
}

// checkKilled verifies what a killed process left, before any repair: nothing of it is damaged.
func checkKilled(t *testing.T, c *corpusRun, m *memFS) error {
	report, err := Verify(context.Background(), c.dir(), VerifyOptions{FS: m, Proof: true})
	if errors.Is(err, ErrNotRecording) || err != nil && !m.dirs[c.dir()] {
		return nil
	}
	if err == nil && !report.OK() {
		logReport(t, report)
		return errors.New("verify speaks of damage")
	}
	return errors.Join(err, checkRows(c, m))
}

// checkRows wants data files of block modes that are rows of waveforms, whatever was interrupted.
func checkRows(c *corpusRun, m *memFS) error {
	for path, node := range m.names {
		base, ok := strings.CutSuffix(filepath.Base(path), ExtData)
		for _, s := range c.dev.streams {
			row := int(s.global.WaveformSamples * s.size)
			if n := len(m.nodes[node].data); ok && row > 0 && strings.HasPrefix(base, s.name) && n%row != 0 {
				return fmt.Errorf("%s has %d bytes, no rows of %d", base, n, row)
			}
		}
	}
	return nil
}

// checkCrash repairs what a crash left, sometimes interrupted itself, and compares it with the truth.
func checkCrash(t *testing.T, c *corpusRun, m *memFS, promised map[string]int64, rng *rand.Rand) error {
	disk := newCrashDisk(m.dirs)
	for p, n := range m.names {
		disk.names[p] = n
		disk.nodes[n] = &crashNode{durable: bytes.Clone(m.nodes[n].data)}
	}
	m.log = true
	report, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow})
	if errors.Is(err, ErrNotRecording) && len(promised) == 0 || err != nil && !m.dirs[c.dir()] {
		return nil
	}
	if err != nil {
		return fmt.Errorf("repair: %w", err)
	}
	if report.Damage() {
		return fmt.Errorf("repair speaks of damage: %+v", report)
	}
	if err := checkRepaired(t, c, m, promised); err != nil {
		return err
	}
	// A second crash, in the middle of the repair.
	if len(m.ops) == 0 {
		return nil
	}
	for _, op := range m.ops[:rng.IntN(len(m.ops)+1)] {
		disk.apply(op)
	}
	again := disk.materialise(crashFate(rng.IntN(int(fateCount))), rng)
	if report, err = Repair(context.Background(), c.dir(), RepairOptions{FS: again, Now: fixedNow}); err != nil || report.Damage() {
		return fmt.Errorf("repair after an interrupted repair: %+v, %w", report, err)
	}
	if err := checkRepaired(t, c, again, promised); err != nil {
		return fmt.Errorf("after an interrupted repair: %w", err)
	}
	return nil
}

var (
	fixedMu    sync.Mutex
	fixedClock = Stamp{MonoNS: 9e12, UTCNS: testEpochUTC + 1e12}
)

func fixedNow() Stamp {
	fixedMu.Lock()
	defer fixedMu.Unlock()
	fixedClock = fixedClock.Add(1000)
	return fixedClock
}

func checkOpened(t *testing.T, c *corpusRun, m *memFS, promised map[string]int64) error {
	r, err := OpenWith(c.dir(), OpenOptions{FS: m})
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	if p := r.Problems(); len(p) > 0 {
		return fmt.Errorf("open: %v", p)
	}
	checkTruth(t, c, r, promised)
	return nil
}

func checkRepaired(t *testing.T, c *corpusRun, m *memFS, promised map[string]int64) error {
	if err := checkOpened(t, c, m, promised); err != nil {
		return err
	}
	if report := mustVerify(t, m, c.dir(), VerifyOptions{}); !report.OK() || report.State == StateRecording {
		logReport(t, report)
		return fmt.Errorf("verify is not content, state %q", report.State)
	}
	again, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow})
	if err != nil || again.Changed {
		return fmt.Errorf("a second repair changed something: %+v, %w", again, err)
	}
	return checkRows(c, m)
}
