package recording

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// TestResumeReadsLittle: how much is read before a run goes on does not grow with its sealed segments.
func TestResumeReadsLittle(t *testing.T) {
	opened := func(rounds int) (n int, segments int) {
		c := newCorpusRun(t, corpusInfo(200, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
		c.epoch(0, "start")
		for range rounds {
			c.addAll(120)
			c.sync()
		}
		f := newFaultFS(nil)
		f.FS = c.crashed()
		if err := resumeOnce(c, f); err != nil {
			t.Fatal(err)
		}
		for _, entry := range f.log {
			if op, name, _ := strings.Cut(entry, " "); op == "open" && strings.HasSuffix(name, ".npy") {
				n++
			}
		}
		return n, rounds * 120 / 200
	}
	few, fewSegments := opened(8)
	many, manySegments := opened(43) // as far into its segment
	if few == 0 || few != many {
		t.Errorf("%d files were opened behind %d segments, %d behind %d", few, fewSegments, many, manySegments)
	}
}

// TestResumeCountsEvents: the events so far are counted once.
func TestResumeCountsEvents(t *testing.T) {
	c := newCorpusRun(t, corpusInfo(200, StreamInfo{Channel: "A"}))
	c.epoch(0, "start")
	c.addAll(120)
	for range 3 {
		c.must(c.run.Event(Event{Kind: "mark", Text: "here"}))
		c.sync()
	}
	m := c.crashed()
	res, err := Resume(context.Background(), c.dir(), ResumeOptions{FS: m, Now: fixedNow})
	if err != nil {
		t.Fatal(err)
	}
	got := res.Run.EventCount()
	if err := res.Run.Abandon(); err != nil {
		t.Fatal(err)
	}
	b, err := m.ReadFile(filepath.Join(c.dir(), FileEvents))
	if err != nil {
		t.Fatal(err)
	}
	events, _ := parseEvents(b)
	want := int64(0)
	for _, e := range events {
		want += e.Count
	}
	if got != want || want < 3 {
		t.Errorf("%d events, the file has %d", got, want)
	}
}
