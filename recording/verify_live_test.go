package recording

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"testing"
)

// TestSegmentWithoutJournalIsNotDamaged looks at a run whose streams have come to new segments that no journal tells of yet: while it is recorded,
// killed there, and repaired.
func TestSegmentWithoutJournalIsNotDamaged(t *testing.T) {
	for _, tc := range []struct {
		name string
		more func(c *corpusRun)
	}{
		{"all streams in the next one", func(c *corpusRun) { c.addAll(100) }},
		{"one stream in the next one", func(c *corpusRun) { c.add(0, 100) }},
		{"two segments on", func(c *corpusRun) { c.addAll(300) }},
		{"behind a gap over the cut", func(c *corpusRun) { c.gap(CauseRingFull, 200, true); c.addAll(50) }},
		{"exactly at the cut", func(c *corpusRun) { c.addAll(50) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newCorpusRun(t, corpusInfo(200, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
			c.epoch(0, "start")
			c.addAll(150)
			c.sync()
			tc.more(c)
			check := func(when string, m *memFS) {
				t.Helper()
				if report := mustVerify(t, m, c.dir(), VerifyOptions{Proof: true}); !report.OK() {
					logReport(t, report)
					t.Errorf("%s: verify speaks of damage", when)
				}
				if err := checkOpened(t, c, m, c.synced[len(c.synced)-1].n); err != nil {
					t.Errorf("%s: %v", when, err)
				}
				r, err := OpenWith(c.dir(), OpenOptions{FS: m})
				c.must(err)
				if s := r.Stream("cell.A"); s.Samples() != 150 || len(s.Segments()) != 1 {
					t.Errorf("%s: %d samples in %d segments", when, s.Samples(), len(s.Segments()))
				}
			}
			check("while it is recorded", c.fs)
			m := c.crashed()
			check("killed", m)
			report, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow})
			if err != nil || report.Damage() {
				t.Fatalf("%+v, %v", report, err)
			}
			check("repaired", m)
		})
	}
}

// TestVerifyBesideAWriter verifies a run over and over while it is recorded, rotated and thinned out as fast as the disk allows.
func TestVerifyBesideAWriter(t *testing.T) {
	looks := 40
	if os.Getenv("SCOPELOG_LONG") == "1" {
		looks = 1000
	} else if testing.Short() {
		looks = 10
	}
	run, err := Create(t.TempDir(), "live", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var wg sync.WaitGroup
	started := make(chan struct{})
	wg.Go(func() {
		if err := recordUntil(run, &stop, started); err != nil {
			t.Error(err)
		}
	})
	<-started
	for i := 0; i < looks && !t.Failed(); i++ {
		if report := mustVerify(t, nil, run.Dir(), VerifyOptions{Proof: true}); !report.OK() {
			logReport(t, report)
			t.Errorf("look %d: verify speaks of damage", i)
		}
	}
	stop.Store(true)
	wg.Wait()
	if err := run.Close(End{}); err != nil {
		t.Fatal(err)
	}
	if report := mustVerify(t, nil, run.Dir(), VerifyOptions{Proof: true}); !report.OK() {
		logReport(t, report)
		t.Error("verify is not content behind the end")
	}
}

// recordUntil records two streams of the proof signal until it is told to stop, and keeps the last ten segments or so.
func recordUntil(run *Run, stop *atomic.Bool, started chan<- struct{}) error {
	d, err := run.AddDevice(corpusInfo(1000, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
	close(started)
	if err != nil {
		return err
	}
	if err := d.StartEpoch(Epoch{}); err != nil {
		return err
	}
	ctx := context.Background()
	sealed := 0
	for at, batch := int64(0), 0; !stop.Load(); batch++ {
		n := 100 + at%311
		for i, ch := range []string{"A", "B"} {
			signal, err := NewProof("IW123/0456", ch, 14, -32767, 32767)
			if err != nil {
				return err
			}
			var p []byte
			for k := at; k < at+n; k++ {
				p = appendValue(p, Int16, float64(signal.At(k)))
			}
			if err := d.Append(i, at, p, stampAt(at)); err != nil {
				return err
			}
		}
		at += n
		if batch%3 != 2 {
			continue
		}
		res, err := d.Sync(ctx, d.Checkpoint(nil, nil))
		if err != nil {
			return err
		}
		for sealed += len(res.Sealed); sealed > 10; sealed-- {
			if _, err := run.DropOldest(); err != nil {
				return err
			}
		}
	}
	return d.Finish(ctx, SealStop, nil, nil)
}
