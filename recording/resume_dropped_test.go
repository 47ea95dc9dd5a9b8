package recording

import (
	"context"
	"errors"
	"testing"
)

// TestResumeBehindDropped: a run went on, every segment of before was dropped, and the recorder ends when the one that is there has no sample yet. What
// the run had recorded is no loss: the journal tells how far the device had come.
func TestResumeBehindDropped(t *testing.T) {
	t.Parallel()
	c := newCorpusRun(t, corpusInfo(100, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B", Kind: KindMin, Ratio: 10}))
	c.epoch(0, "start")
	for i := range 8 {
		c.addAll(50)
		switch i {
		case 4:
			c.gap(CauseRingFull, 70, true)
		case 5:
			c.gap(CauseNotKept, 30, false)
		}
		c.sync()
	}
	c.must(c.run.Abandon())
	resume := func() *Resumed {
		t.Helper()
		res, err := Resume(context.Background(), c.dir(), ResumeOptions{FS: c.fs, Now: fixedNow, BootID: "another"})
		c.must(err)
		if len(res.Devices) != 1 {
			t.Fatalf("%d devices", len(res.Devices))
		}
		if d := res.Devices[0]; d.RawIndex != 500 || d.Samples[0] != 400 || d.Samples[1] != 40 || d.UTCNS == 0 {
			t.Fatalf("it had come to %+v", d)
		}
		return res
	}
	res := resume()
	_, err := res.Run.ResumeDevice(res.Devices[0].Info)
	c.must(err)
	for err == nil {
		_, err = res.Run.DropOldest()
	}
	if !errors.Is(err, ErrNothingToDrop) {
		t.Fatal(err)
	}
	c.must(res.Run.Abandon())
	res = resume()
	d, err := res.Run.ResumeDevice(res.Devices[0].Info)
	c.must(err)
	for i, want := range []int64{500, 50} {
		if _, next := d.Next(i); next != want {
			t.Errorf("stream %d goes on at %d, want %d", i, next, want)
		}
	}
	c.must(res.Run.Abandon())
}
