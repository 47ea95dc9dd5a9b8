package recording

import (
	"context"
	"path/filepath"
	"testing"
)

// TestNotKeptForWeeks: of many segments of which few stay, neither run.json nor what is remembered grows with the length of the run.
func TestNotKeptForWeeks(t *testing.T) {
	c := newCorpusRun(t, corpusInfo(20, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
	c.fs.log, c.fs.ops = false, nil
	c.epoch(0, "start")
	var last []SealedSegment
	c.run.OnSealed(func(s SealedSegment) { last = append(last, s) })
	size := func() int {
		t.Helper()
		b, err := c.fs.ReadFile(filepath.Join(c.dir(), FileRun))
		c.must(err)
		return len(b)
	}
	const segments, stays = 1200, 200
	sizes := map[int]int{}
	for n := range segments {
		c.addAll(20)
		c.truth = map[string][]truthPiece{}
		_, err := c.dev.Sync(context.Background(), c.dev.Checkpoint(nil, nil))
		c.must(err)
		var list []SealedSegment
		for _, s := range last {
			if s.Segment%stays != 7 {
				list = append(list, s)
			}
		}
		_, last, err = c.run.NotKeep(list)
		c.must(err)
		sizes[n] = size()
	}
	d := c.run.Info().Devices[0]
	if want := segments/stays + 1; len(d.NotKept) != want || len(d.Segments) > segments/stays+lastStay+1 {
		t.Errorf("%d rows, want %d; %d segments", len(d.NotKept), want, len(d.Segments))
	}
	// Between two that stay only numbers grow.
	if a, b := sizes[810], sizes[1005]; b-a > 100 {
		t.Errorf("run.json grew from %d to %d bytes while nothing stayed", a, b)
	}
	if n := len(c.run.sealed); n > segments/stays+lastStay+1 {
		t.Errorf("%d segments are remembered", n)
	}
	if n := len(c.run.left); n > 0 {
		t.Errorf("%d files are left over", n)
	}
	c.must(c.dev.Finish(context.Background(), SealStop, nil, nil))
	c.must(c.run.Close(End{Reason: "duration"}))
	rec, err := OpenWith(c.dir(), OpenOptions{FS: c.fs})
	c.must(err)
	checkAccount(t, rec)
	if report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true}); !report.OK() {
		logReport(t, report)
		t.Error("verify is not content")
	}
}

// TestNotKeptOverAResume removes segments on both sides of the gap at which a run went on, and the one with the gap.
func TestNotKeptOverAResume(t *testing.T) {
	for name, gone := range map[string][][]int{
		"before, one by one":      {{3}, {2}},
		"behind, with the gap":    {{5, 6}},
		"over it":                 {{3, 4, 5}, {6}},
		"all but the first":       {{1, 2, 3, 4, 5, 6, 7}},
		"behind, without the gap": {{6}, {7}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCorpusRun(t, corpusInfo(100, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B", Kind: KindMin, Ratio: 10}))
			k := newNotKeeper(c.run)
			c.epoch(0, "start")
			for range 9 {
				c.addAll(50)
				c.sync()
			}
			c.must(c.dev.Finish(context.Background(), SealStop, nil, nil)) // segments 0 to 4
			c.must(c.run.Close(End{Reason: "stop"}))
			c.sealed = func(s SealedSegment) { k.sealed = append(k.sealed, s) }
			g, err := goOn(c, c.fs)
			c.must(err)
			k.run = g.run
			for range 9 {
				g.addAll(50)
				g.sync()
			}
			for _, step := range gone {
				_, err := k.remove("cell", step...)
				g.must(err)
			}
			g.must(g.dev.Finish(context.Background(), SealStop, nil, nil))
			g.must(g.run.Close(End{Reason: "duration"}))
			rec, err := OpenWith(g.dir(), OpenOptions{FS: g.fs})
			g.must(err)
			if len(rec.Run().Device("cell").NotKept) != 1 {
				t.Errorf("rows %+v", rec.Run().Device("cell").NotKept)
			}
			if report := mustVerify(t, g.fs, g.dir(), VerifyOptions{Proof: true}); !report.OK() {
				logReport(t, report)
				t.Error("verify is not content")
			}
			checkAccount(t, rec)
			if again, err := Repair(context.Background(), g.dir(), RepairOptions{FS: g.fs, Now: fixedNow}); err != nil || again.Changed {
				t.Errorf("a repair changes something: %+v, %v", again, err)
			}
		})
	}
}
