package recording

import (
	"context"
	"testing"
)

// TestMarkBetweenSegments: a mark at samples that were lost between two segments stands at the first sample behind them, as in a recorder that goes on.
func TestMarkBetweenSegments(t *testing.T) {
	c := newCorpusRun(t, corpusInfo(100, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
	c.epoch(0, "start")
	c.addAll(80)
	c.gap(CauseCore, 40, true)
	c.addAll(30) // in the next segment
	c.must(c.run.Event(Event{Kind: EventMark, Device: "cell", Index: new(int64(90)), Text: "here"}))
	c.must(c.run.FlushEvents(true))
	c.sync()
	m := c.crashed()
	if _, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow}); err != nil {
		t.Fatal(err)
	}
	rec, err := OpenWith(c.dir(), OpenOptions{FS: m})
	c.must(err)
	for _, s := range rec.Streams() {
		var at []int64
		for _, g := range s.segments {
			for _, a := range g.annotations {
				if a.Label == LabelMark {
					at = append(at, a.SampleStart)
				}
			}
		}
		if len(at) != 1 || at[0] != 80 || len(s.segments) != 2 {
			t.Errorf("%s: marked is %v", s.Name(), at)
		}
	}
	if report := mustVerify(t, m, c.dir(), VerifyOptions{}); !report.OK() {
		logReport(t, report)
		t.Error("verify is not content")
	}
}

func TestPlaceOfMark(t *testing.T) {
	captures := []Capture{{SampleStart: 10, GlobalIndex: 100}, {SampleStart: 20, GlobalIndex: 150}}
	for _, c := range []struct {
		index, first int64
		later        bool
		at           int64
		ok           bool
	}{
		{99, 100, false, 0, false},
		{99, 90, false, 10, true}, // lost in front
		{89, 90, false, 0, false},
		{99, -1, false, 0, false}, // it is not known since when
		{105, 100, true, 15, true},
		{130, 100, true, 19, true}, // lost
		{159, 100, true, 29, true},
		{160, 100, true, 0, false},
		{500, 100, false, 29, true},
	} {
		at, ok := placeOfMark(&Event{Index: &c.index}, &Global{Ratio: 1}, captures, 10, 30, c.first, c.later)
		if ok != c.ok || ok && at != c.at {
			t.Errorf("index %d, first %d, later %v: %d, %v", c.index, c.first, c.later, at, ok)
		}
	}
}

// TestMissesBehindRotation: a segment that has only just begun misses a mark that lies behind its beginning.
func TestMissesBehindRotation(t *testing.T) {
	for _, c := range []struct {
		index, firstNext int64
		mode             Mode
		misses           bool
	}{
		{500, 100, ModeStream, true},
		{200, 100, ModeStream, true},
		{199, 100, ModeStream, false},
		{500, -1, ModeStream, false}, // not known
		{500, 100, ModeBlock, false},
	} {
		s := newStreamFold("cell.A", 100)
		s.firstNext, s.global = c.firstNext, &Global{Ratio: 2, Mode: c.mode}
		fold := newJournalFold("cell")
		fold.segment(1).streams[s.name] = s
		a := &Adoptable{state: &adoptState{segment: 1, fold: fold}}
		mark := &Event{Seq: 7, Kind: EventMark, Index: &c.index}
		if got := a.Misses(mark); got != c.misses {
			t.Errorf("index %d behind %d, mode %s: %v", c.index, c.firstNext, c.mode, got)
		}
		s.annotations = []Annotation{{Label: LabelMark, Event: new(int64(7))}}
		if a.Misses(mark) {
			t.Error("it is known")
		}
	}
}

// TestMergeEpochsKeepsIndex: a journal line that does not tell when an epoch began takes nothing away.
func TestMergeEpochsKeepsIndex(t *testing.T) {
	first := EpochFirst{Index: 500, MonoNS: 8e12, UTCNS: testEpochUTC}
	for _, c := range []struct{ run, journal, want EpochFirst }{
		{EpochFirst{Index: 500}, EpochFirst{}, EpochFirst{Index: 500}},
		{EpochFirst{}, first, first},
		{EpochFirst{Index: 500}, first, first},
		{first, EpochFirst{}, first},
	} {
		got := mergeEpochs([]RunEpoch{{Epoch: 3, First: c.run}}, []JournalEpoch{{Epoch: 3, First: c.journal}})
		if len(got) != 1 || got[0].First != c.want {
			t.Errorf("%+v and %+v are %+v", c.run, c.journal, got)
		}
	}
}
