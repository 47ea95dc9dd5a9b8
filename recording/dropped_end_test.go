package recording

import (
	"context"
	"errors"
	"testing"
)

// TestResumeBehindDroppedUnsynced: every sealed segment is dropped, and the recorder is killed before anything of the next one is synced. The run goes on
// where the last sealed one ended, whatever was lost before; no position and no number is used again.
func TestResumeBehindDroppedUnsynced(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name  string
		block bool
	}{{"stream", false}, {"block", true}} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			info := corpusInfo(100, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B", Kind: KindMin, Ratio: 10})
			if k.block {
				info = corpusInfo(100, StreamInfo{Channel: "A", Global: Global{WaveformSamples: 50}}, StreamInfo{Channel: "B", Global: Global{WaveformSamples: 50}})
				info.Mode = ModeBlock
			}
			c := newCorpusRun(t, info)
			c.epoch(0, "start")
			add := func(n int64) {
				if k.block {
					c.wave(n)
				} else {
					c.addAll(50)
				}
			}
			for n := range int64(8) {
				add(n)
				if n == 2 && !k.block {
					c.gap(CauseNotKept, 100, false)
				}
				c.syncClock()
			}
			add(8) // opens a segment of which nothing is synced
			segments := c.dev.numbers
			for range segments - 1 {
				_, err := c.run.DropOldest()
				c.must(err)
			}
			if _, err := c.run.DropOldest(); !errors.Is(err, ErrNothingToDrop) {
				t.Fatal(err)
			}
			m := c.crashed()
			if report := mustVerify(t, m, c.dir(), VerifyOptions{}); len(report.Problems) > 0 {
				t.Errorf("problems before: %v", report.Problems)
			}
			for round := range 2 { // the first is cut off at once again
				res, err := Resume(context.Background(), c.dir(), ResumeOptions{FS: m, Now: fixedNow, BootID: "another"})
				c.must(err)
				if len(res.Devices) != 1 {
					t.Fatalf("%d devices", len(res.Devices))
				}
				was := res.Devices[0]
				if k.block {
					if was.NextWaveform != 8 || was.Samples[0] != 400 {
						t.Errorf("it had come to %+v", was)
					}
				} else if was.RawIndex != 500 || was.Samples[0] != 400 || was.Samples[1] != 40 || was.UTCNS == 0 || was.SuspendedNS != 7 {
					t.Errorf("it had come to %+v", was)
				}
				if round == 0 {
					c.must(res.Run.Abandon())
					continue
				}
				c.dev, err = res.Run.ResumeDevice(was.Info)
				c.must(err)
				for i := range c.dev.streams {
					n, next := c.dev.Next(i)
					if ratio := c.dev.streams[i].ratio; n != was.Samples[i] || !k.block && next != 500/ratio {
						t.Errorf("stream %d goes on at %d, device index %d", i, n, next)
					}
				}
				if number := c.dev.numbers; number != segments {
					t.Errorf("%d segments, and %d before", number, segments)
				}
				c.run = res.Run
			}
			c.fs = m
			c.epoch(600, "core")
			if !k.block {
				c.must(c.dev.Gap(0, Gap{Cause: CauseCore, Lost: 100, LostMin: 50, LostMax: 200}))
				c.must(c.dev.Gap(1, Gap{Cause: CauseCore, Lost: 10, LostMin: 5, LostMax: 20}))
			}
			add(8)
			c.sync()
			c.must(c.dev.Finish(context.Background(), SealStop, nil, nil))
			c.must(c.run.Close(End{Reason: "stop"}))
			if report := mustVerify(t, m, c.dir(), VerifyOptions{Proof: true}); !report.OK() || report.State != StateSealed {
				logReport(t, report)
				t.Error("verify is not content")
			}
			if info := c.run.Info(); info.Device("cell").DroppedEnd != nil || info.Device("cell").Streams[0].Recorded != 450 {
				t.Errorf("run.json says %+v", info.Devices)
			}
		})
	}
}

// syncClock syncs with a clock pair.
func (c *corpusRun) syncClock() {
	c.t.Helper()
	_, next := c.dev.Next(0)
	t := c.at(next)
	_, err := c.dev.Sync(context.Background(), c.dev.Checkpoint(&ClockPair{Epoch: c.dev.epoch, Index: next, MonoNS: t.MonoNS, UTCNS: t.UTCNS, SuspendedNS: 7, State: clockSynchronised}, nil))
	c.must(err)
}
