package recording

import (
	"slices"
	"testing"
)

// TestProofSearch lets the signal go on behind gaps whose length nobody knew. Nothing is damaged as long as the loss is within the bounds.
func TestProofSearch(t *testing.T) {
	const slack = 5000
	chance := int64(1) // a loss behind which the first sample is right by chance
	signal8, err := NewProof("IW123/0456", "A", 8, -32512, 32512)
	if err != nil {
		t.Fatal(err)
	}
	for signal8.At(1000+chance) != signal8.At(1000) {
		chance++
	}
	for _, tc := range []struct {
		name   string
		bits   int
		pieces [][2]int64 // samples, and how many are lost behind them
		exact  bool       // the last loss is an exact gap
		wrong  bool
	}{
		{name: "in the middle of what is read at once", bits: 14, pieces: [][2]int64{{passBytes/2 - 100, 1234}, {9000, 0}}},
		{name: "at its end", bits: 14, pieces: [][2]int64{{passBytes/2 - 3, 1234}, {9000, 0}}},
		{name: "the first sample right by chance", bits: 8, pieces: [][2]int64{{1000, chance}, {9000, 0}}},
		{name: "at the end of a segment", bits: 14, pieces: [][2]int64{{200_000 - 1000 - 4, 1000}, {9000, 0}}},
		{name: "a few samples between two gaps", bits: 14, pieces: [][2]int64{{1000, 321}, {3, 77}, {9000, 0}}},
		{name: "a few samples before an exact gap", bits: 14, pieces: [][2]int64{{1000, 321}, {3, 77}, {9000, 0}}, exact: true},
		{name: "a few samples at the end", bits: 14, pieces: [][2]int64{{1000, 321}, {3, 0}}},
		{name: "outside of the bounds", bits: 14, pieces: [][2]int64{{1000, slack + 1}, {9000, 0}}, wrong: true},
		{name: "a few samples outside of the bounds", bits: 14, pieces: [][2]int64{{1000, slack + 1}, {3, 0}}, wrong: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			info := corpusInfo(200_000, StreamInfo{Channel: "A"})
			g := &info.Streams[0].Global
			if g.ResolutionBits = tc.bits; tc.bits == 8 {
				g.Codes = &[2]int64{-32512, 32512}
			}
			signal, err := NewProof(info.Serial, "A", tc.bits, g.Codes[0], g.Codes[1])
			if err != nil {
				t.Fatal(err)
			}
			c := newCorpusRun(t, info)
			told, lost := int64(0), int64(0)
			c.value = func(_ int, i int64) float64 { return float64(signal.At(i - told + lost)) }
			c.epoch(0, "start")
			for i, p := range tc.pieces {
				c.addAll(p[0])
				switch lost += p[1]; {
				case p[1] == 0:
				case tc.exact && i == len(tc.pieces)-2:
					c.must(c.dev.Gap(0, Gap{Cause: CauseRingFull, Lost: p[1], Exact: true}))
					told += p[1]
				default:
					c.must(c.dev.Gap(0, Gap{Cause: CauseUSB, Lost: 1000, LostMax: slack}))
					told += 1000
				}
			}
			c.end()
			report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true})
			if report.OK() == tc.wrong {
				logReport(t, report)
				t.Errorf("verify is content: %v", report.OK())
			}
		})
	}
}

// TestProofBeginsAnew: behind a change of power a unit is started again, and so is its signal. Behind other losses it is not.
func TestProofBeginsAnew(t *testing.T) {
	for _, tc := range []struct {
		name  string
		cause Cause
		from  int64 // of the signal, behind the gap
		wrong bool
	}{
		{"power", CausePower, 0, false},
		{"power, and the signal goes on", CausePower, 21_500, false},
		{"power, and the signal is elsewhere", CausePower, 7, true},
		{"another cause", CauseUSB, 0, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			const before, told = 20_000, 1000
			info := corpusInfo(200_000, StreamInfo{Channel: "A"})
			g := &info.Streams[0].Global
			g.ResolutionBits = 14
			signal, err := NewProof(info.Serial, "A", 14, g.Codes[0], g.Codes[1])
			if err != nil {
				t.Fatal(err)
			}
			c := newCorpusRun(t, info)
			c.value = func(_ int, i int64) float64 {
				if i >= before {
					i += tc.from - before - told
				}
				return float64(signal.At(i))
			}
			c.epoch(0, "start")
			c.addAll(before)
			c.must(c.dev.Gap(0, Gap{Cause: tc.cause, Lost: told, LostMax: 5000}))
			c.addAll(9000)
			c.end()
			report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true})
			if report.OK() == tc.wrong {
				logReport(t, report)
				t.Errorf("verify is content: %v", report.OK())
			}
		})
	}
}

// groupOf is a group of raw samples of the signal.
func groupOf(signal Proof, first, ratio int64) []int64 {
	g := make([]int64, ratio)
	for i := range g {
		g[i] = signal.At(first + int64(i))
	}
	return g
}

// TestProofGroupsBeginAnew: behind a change of power groups may begin anywhere in the first of them. Groups next to each other often have the same
// least sample, so that a few of them do not tell the place.
func TestProofGroupsBeginAnew(t *testing.T) {
	for _, ratio := range []int64{10, 50, 64} {
		for from := ratio - 3; from < ratio; from++ {
			const before, told = 800, 20
			info := corpusInfo(400_000, StreamInfo{Channel: "A", Kind: KindMin, Ratio: ratio})
			g := &info.Streams[0].Global
			g.ResolutionBits, g.Codes = 8, &[2]int64{-32512, 32512}
			signal, err := NewProof(info.Serial, "A", 8, g.Codes[0], g.Codes[1])
			if err != nil {
				t.Fatal(err)
			}
			c := newCorpusRun(t, info)
			c.value = func(_ int, k int64) float64 {
				first := k * ratio
				if k >= before {
					first = from + (k-before-told)*ratio
				}
				return float64(slices.Min(groupOf(signal, first, ratio)))
			}
			c.epoch(0, "start")
			c.add(0, before)
			c.must(c.dev.Gap(0, Gap{Cause: CausePower, Lost: told, LostMax: 100}))
			c.add(0, 3000)
			c.end()
			if report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true}); !report.OK() {
				logReport(t, report)
				t.Errorf("ratio %d, from %d: verify is not content", ratio, from)
			}
		}
	}
}

// TestProofLongLossOfGroups: a loss that is longer than what is searched is found where the gap estimates it, and not only near its least.
func TestProofLongLossOfGroups(t *testing.T) {
	const ratio, before, told, really = 50, 800, 12_852, 642_579
	info := corpusInfo(400_000, StreamInfo{Channel: "A", Kind: KindMax, Ratio: ratio})
	signal, err := NewProof(info.Serial, "A", 14, info.Streams[0].Global.Codes[0], info.Streams[0].Global.Codes[1])
	if err != nil {
		t.Fatal(err)
	}
	c := newCorpusRun(t, info)
	c.value = func(_ int, k int64) float64 {
		first := k * ratio
		if k >= before {
			first += really - told*ratio
		}
		return float64(slices.Max(groupOf(signal, first, ratio)))
	}
	c.epoch(0, "start")
	c.add(0, before)
	c.must(c.dev.Gap(0, Gap{Cause: CauseUSB, Lost: told, LostMin: told - 2000, LostMax: told + 70}))
	c.add(0, 3000)
	c.end()
	if report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true}); !report.OK() {
		logReport(t, report)
		t.Error("verify is not content")
	}
}
