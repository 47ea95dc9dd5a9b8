package recording

import (
	"context"
	"math"
	"sync"
	"testing"
)

// corpusCase is a run of the corpus.
type corpusCase struct {
	name  string
	build func(t testing.TB) *corpusRun
}

// sharedRuns holds the runs of the corpus that are only read; some take long to write.
var sharedRuns = struct {
	sync.Mutex
	built map[string]*corpusRun
}{built: map[string]*corpusRun{}}

// shared returns a sealed run that several tests use. It must not be changed.
func (k corpusCase) shared(t testing.TB) *corpusRun {
	t.Helper()
	sharedRuns.Lock()
	defer sharedRuns.Unlock()
	c := sharedRuns.built[k.name]
	if c == nil {
		c = k.build(t)
		sharedRuns.built[k.name] = c
	}
	return c
}

// corpusNamed finds a run of the corpus.
func corpusNamed(t testing.TB, name string) corpusCase {
	t.Helper()
	for _, k := range corpus {
		if k.name == name {
			return k
		}
	}
	t.Fatalf("the corpus has no run %q", name)
	return corpusCase{}
}

// wavesInLines writes waveforms of which each sync has several, told of in several lines, in segments of four; ranges change in between.
func (c *corpusRun) wavesInLines() {
	c.t.Helper()
	c.dev.maxWaves, c.dev.j.lineBytes = 4, 1500
	c.epoch(0, "start")
	for n := range int64(20) {
		switch n {
		case 8, 9:
			c.must(c.dev.Rescale(0, Scaling{Scale: 0.5 / float64(n), Offset: 3, Range: &[2]float64{-20, 20}}))
		case 14:
			c.must(c.dev.Rescale(1, Scaling{Scale: 0.25, Offset: -1}))
		}
		c.wave(n)
		c.dev.Annotate(0, Annotation{SampleStart: 32*n + 7, SampleCount: 2, Label: LabelOverRange, Exact: new(false)})
		if n%6 == 5 {
			c.sync()
		}
	}
}

// corpus is the runs on which readers have to agree.
var corpus = []corpusCase{
	{"one stream, no gap", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}))
		c.epoch(0, "start")
		for range 3 {
			c.addAll(700)
			c.sync()
		}
		c.end()
		return c
	}},
	{"no sample at all", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
		c.must(c.dev.Finish(context.Background(), SealStop, nil, nil))
		c.must(c.run.Close(End{Reason: "signal"}))
		return c
	}},
	{"exact gap, restart and loss at the end", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
		c.epoch(0, "start")
		c.addAll(500)
		c.sync()
		c.gap(CauseRingFull, 300, true)
		c.addAll(250)
		c.sync()
		c.gap(CauseRestart, 1000, false)
		c.epoch(2050, "restart")
		c.addAll(400)
		c.dev.Annotate(0, Annotation{SampleStart: 760, SampleCount: 40, Label: LabelOverRange, Exact: new(false)})
		c.gap(CauseDisk, 77, true)
		c.end()
		return c
	}},
	{"rotated, with gaps over the cut", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(1000, StreamInfo{Channel: "A"}, StreamInfo{Channel: "A", Kind: KindMin, Ratio: 10}, StreamInfo{Channel: "A", Kind: KindMax, Ratio: 10}))
		c.epoch(0, "start")
		for i := range 7 {
			c.addAll(450)
			if i == 1 || i == 4 {
				c.gap(CauseRingFull, 230, true)
			}
			c.sync()
		}
		c.end()
		return c
	}},
	{"downsampled kinds and ports", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(4000, StreamInfo{Channel: "A"}, StreamInfo{Channel: "A", Kind: KindAverage, Ratio: 8}, StreamInfo{Channel: "B", Kind: KindSum, Ratio: 16, Datatype: Int32},
			StreamInfo{Channel: "D0-7", Datatype: Uint8}, StreamInfo{Channel: "D8-15", Kind: KindMin, Ratio: 4, Datatype: Uint8}, StreamInfo{Channel: "C", Kind: KindDecimate, Ratio: 4}))
		c.epoch(0, "start")
		for range 5 {
			c.addAll(1600)
			c.sync()
		}
		c.end()
		return c
	}},
	{"physical values", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "T1", Datatype: Float32}, StreamInfo{Channel: "T2", Datatype: Int8}))
		c.value = func(stream int, i int64) float64 {
			if stream == 0 && i%97 == 0 {
				return math.NaN()
			}
			return float64(i%200) - 100
		}
		c.epoch(0, "start")
		c.addAll(3000)
		c.sync()
		c.end()
		return c
	}},
	{"range change", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(900, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
		c.epoch(0, "start")
		c.addAll(500)
		c.must(c.dev.Rescale(0, Scaling{Scale: 0.5, Offset: 3, Range: &[2]float64{-20, 20}}))
		c.addAll(500)
		c.sync()
		c.must(c.dev.Rescale(0, Scaling{Scale: 0.25, Offset: -1}))
		c.addAll(500)
		c.end()
		return c
	}},
	{"inferred loss, entered later", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}))
		c.epoch(0, "start")
		c.addAll(600)
		c.sync()
		c.addAll(600)
		c.sync()
		c.inferred(0, 700, 900)
		c.addAll(300)
		c.sync()
		c.end()
		return c
	}},
	{"rapid block", func(t testing.TB) *corpusRun {
		info := corpusInfo(500, StreamInfo{Channel: "A", Global: Global{WaveformSamples: 64}}, StreamInfo{Channel: "B", Global: Global{WaveformSamples: 64}})
		info.Mode = ModeRapidBlock
		c := newCorpusRun(t, info)
		c.epoch(0, "start")
		for n := range int64(20) {
			c.wave(n)
			if n%5 == 4 {
				c.sync()
			}
		}
		c.end()
		return c
	}},
	{"blocks, some lost, a restart", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusBlocks(160))
		c.epoch(0, "start")
		for n := range int64(14) {
			switch n {
			case 2, 5, 6, 11:
				c.lostWave(n)
			case 8:
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
		c := newCorpusRun(t, corpusBlocks(0))
		c.wavesInLines()
		c.end()
		return c
	}},
	{"other channels and interval from some time on", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
		c.epoch(0, "start")
		c.addAll(500)
		c.sync()
		c.gap(CauseNotKept, 40, true)
		info := corpusInfo(0, StreamInfo{Channel: "A"}, StreamInfo{Channel: "C"})
		c.must(c.dev.Reconfigure(Fraction{1, 500_000}, info.Streams))
		c.info.RawInterval = Fraction{1, 500_000}
		c.epoch(250, "not_kept")
		c.addAll(500)
		c.sync()
		c.end()
		return c
	}},
	{"more captures than a meta lists", func(t testing.TB) *corpusRun {
		c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}))
		c.epoch(0, "start")
		for i := range MaxListed + 300 {
			c.add(0, 2)
			c.must(c.dev.Gap(0, Gap{Cause: CauseRingFull, Lost: 3, Exact: true}))
			c.dev.Annotate(0, Annotation{SampleStart: int64(2 * i), SampleCount: 1, Label: LabelTrigger, Exact: new(true)})
			if i%4000 == 3999 {
				c.sync()
			}
		}
		c.add(0, 2)
		c.end()
		return c
	}},
}
