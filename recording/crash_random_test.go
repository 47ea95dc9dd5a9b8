package recording

import (
	"math/rand/v2"
	"os"
	"testing"
)

// randomScript writes a short run of any kind: rates, cuts, modes, gaps, restarts, settings and retention are drawn.
func randomScript(t testing.TB, rng *rand.Rand) *corpusRun {
	t.Helper()
	cut := []int64{0, 100, 200, 320}[rng.IntN(4)]
	var info DeviceInfo
	switch rng.IntN(4) {
	case 0:
		info = corpusInfo(cut, StreamInfo{Channel: "A"}, StreamInfo{Channel: "A", Kind: KindMin, Ratio: 10}, StreamInfo{Channel: "A", Kind: KindMax, Ratio: 10})
	case 1:
		info = corpusBlocks(cut)
	default:
		info = corpusInfo(cut, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"})
	}
	c := newCorpusRun(t, info)
	c.epoch(0, "start")
	wave := int64(0)
	if info.Mode.Block() {
		c.wave(wave)
		wave++
	} else {
		c.addAll(10 * int64(1+rng.IntN(20)))
	}
	for range 4 + rng.IntN(12) {
		switch x := rng.IntN(12); {
		case x < 3:
			c.sync()
		case x < 4 && cut > 0 && len(c.run.sealed) > 1:
			_, err := c.run.DropOldest()
			c.must(err)
		case info.Mode.Block() && x < 5:
			c.lostWave(wave)
			wave++
		case info.Mode.Block() && x < 8:
			c.chunkedWave(wave)
			wave++
		case info.Mode.Block():
			c.wave(wave)
			wave++
		case x < 5:
			c.gap([]Cause{CauseRingFull, CauseDisk, CauseUSB}[rng.IntN(3)], 10*int64(1+rng.IntN(30)), rng.IntN(2) == 0)
		case x < 6:
			c.gap(CauseRestart, 10*int64(1+rng.IntN(30)), false)
			_, next := c.dev.Next(0)
			c.epoch(next, "restart")
		case x < 7:
			c.must(c.dev.Rescale(0, Scaling{Scale: 0.5 / float64(1+rng.IntN(9)), Offset: 1}))
		default:
			c.addAll(10 * int64(1+rng.IntN(20)))
		}
		if n, _ := c.dev.Next(0); n > 20 {
			c.dev.Annotate(0, Annotation{SampleStart: rng.Int64N(n - 10), SampleCount: 1 + rng.Int64N(10), Label: LabelOverRange, Exact: new(false)})
		}
	}
	if info.Mode.Block() {
		c.wave(wave)
	} else {
		c.addAll(100)
	}
	c.end()
	return c
}

// TestCrashModelRandom interrupts runs that were drawn at moments that were drawn. SCOPELOG_LONG=1 makes it long and other each time; SCOPELOG_SEED
// repeats what it has printed.
func TestCrashModelRandom(t *testing.T) {
	seed := seedOf(t)
	scripts, crashes := 25, 12
	if raceEnabled || testing.Short() {
		scripts = 5
	}
	if os.Getenv("SCOPELOG_LONG") == "1" {
		scripts, crashes = 1500, 60
	}
	for n := range scripts {
		rng := rand.New(rand.NewPCG(seed, uint64(n)))
		c := randomScript(t, rng)
		for range crashes {
			at := rng.IntN(len(c.fs.ops) + 1)
			fate := crashFate(rng.IntN(int(fateCount)))
			if err := checkCrash(t, c, c.crashAt(at).materialise(fate, rng), c.promisedAt(at), rng); err != nil {
				t.Errorf("crash before operation %d of %d, %s: %v", at, len(c.fs.ops), fate, err)
			}
			if t.Failed() {
				t.Fatalf("script %d, SCOPELOG_SEED=%d", n, seed)
			}
		}
	}
	t.Logf("%d scripts, %d crashes each", scripts, crashes)
}

// crashAt is the disk after so many operations.
func (c *corpusRun) crashAt(ops int) *crashDisk {
	disk := newCrashDisk(c.fs.dirs)
	for _, op := range c.fs.ops[:ops] {
		disk.apply(op)
	}
	return disk
}

// promisedAt is what syncs had promised by then.
func (c *corpusRun) promisedAt(ops int) map[string]int64 {
	promised := map[string]int64{}
	for _, s := range c.synced {
		if s.ops <= ops {
			promised = s.n
		}
	}
	return promised
}

// TestCrashAtEveryByte ends the process, or the power, within each write at its bytes: what was written before is all there, or only what was
// synced is. It looks at one byte in so many, from one on that is drawn: SCOPELOG_SEED chooses it, and SCOPELOG_LONG=1 makes it one in 7.
func TestCrashAtEveryByte(t *testing.T) {
	step := 4999
	switch {
	case os.Getenv("SCOPELOG_LONG") == "1":
		step = 7
	case raceEnabled || testing.Short():
		step = 30011
	}
	first := rand.New(rand.NewPCG(seedOf(t), 5)).IntN(step)
	for i, script := range crashScripts {
		t.Run(script.name, func(t *testing.T) {
			t.Parallel()
			c := script.build(t)
			rng := rand.New(rand.NewPCG(uint64(i), 11))
			turn, states := first, 0
			disk := newCrashDisk(c.fs.dirs)
			for at, op := range c.fs.ops {
				promised := c.promisedAt(at)
				for k := 1; op.kind == "write" && k < len(op.data); k++ {
					if turn++; turn%step != 0 {
						continue
					}
					for _, fate := range []crashFate{fateAll, fateNone} {
						states++
						if err := checkCrash(t, c, disk.tornAt(op, k, fate, rng), promised, rng); err != nil || t.Failed() {
							t.Fatalf("within operation %d of %d, at byte %d of %d of %s, %s: %v", at, len(c.fs.ops), k, len(op.data), op.path, fate, err)
						}
					}
				}
				disk.apply(op)
			}
			if t.Logf("%d states", states); states == 0 {
				t.Error("nothing was tried")
			}
		})
	}
}

// tornAt is what the disk holds when a write has come to one of its bytes. With fateNone nothing else is there that was not synced.
func (d *crashDisk) tornAt(op memOp, bytes int, fate crashFate, rng *rand.Rand) *memFS {
	m := d.materialise(fate, rng)
	for path, node := range m.names {
		if d.isNode(path, op.node, fate) {
			data := m.nodes[node].data
			if int64(len(data)) < op.off {
				data = append(data, make([]byte, op.off-int64(len(data)))...)
			}
			m.nodes[node].data = memWrite(data, op.off, op.data[:bytes])
		}
	}
	return m
}

// isNode tells whether a name is that of a file of the replayed operations, as it is there with a fate.
func (d *crashDisk) isNode(path string, node int, fate crashFate) bool {
	names := map[string]int{}
	for p, n := range d.names {
		names[p] = n
	}
	if fate == fateAll {
		for _, op := range d.pending {
			applyName(names, op)
		}
	}
	n, ok := names[path]
	return ok && n == node
}
