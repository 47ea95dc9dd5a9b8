package recording

import (
	"context"
	"errors"
	"testing"
)

// TestResumeBehindDroppedAndEmpty: a device in a block mode went on, all segments with waveforms were dropped, and the recorder ends before the next waveform.
// A segment without samples that is sealed then does not forget the numbers, neither while it is there nor when it is dropped too.
func TestResumeBehindDroppedAndEmpty(t *testing.T) {
	t.Parallel()
	for _, killed := range []bool{true, false} {
		info := corpusInfo(100, StreamInfo{Channel: "A", Global: Global{WaveformSamples: 50}}, StreamInfo{Channel: "B", Global: Global{WaveformSamples: 50}})
		info.Mode = ModeBlock
		c := newCorpusRun(t, info)
		c.epoch(0, "start")
		for n := range int64(8) {
			c.wave(n)
			c.syncClock()
		}
		c.must(c.run.Abandon())
		var want ResumedDevice
		for round := range 4 {
			res, err := Resume(context.Background(), c.dir(), ResumeOptions{FS: c.fs, Now: fixedNow, BootID: "another"})
			c.must(err)
			if len(res.Devices) != 1 {
				t.Fatalf("%d devices", len(res.Devices))
			}
			was := res.Devices[0]
			if round == 0 {
				want = was
				if was.NextWaveform != 8 || was.NextArm != 3 || was.InArm != 2 || was.UTCNS == 0 || was.SuspendedNS != 7 {
					t.Fatalf("it had come to %+v", was)
				}
			}
			if was.NextWaveform != want.NextWaveform || was.NextArm != want.NextArm || was.InArm != want.InArm || was.RawIndex != want.RawIndex ||
				was.Samples[0] != want.Samples[0] || was.UTCNS != want.UTCNS || was.SuspendedNS != want.SuspendedNS {
				t.Fatalf("killed %v, round %d: it had come to %+v, and before to %+v", killed, round, was, want)
			}
			d, err := res.Run.ResumeDevice(was.Info)
			c.must(err)
			for err == nil {
				_, err = res.Run.DropOldest()
			}
			if !errors.Is(err, ErrNothingToDrop) {
				t.Fatal(err)
			}
			if killed {
				c.must(res.Run.Abandon())
				continue
			}
			c.must(d.Finish(context.Background(), SealStop, nil, nil))
			c.must(res.Run.Close(End{Reason: "stop"}))
		}
	}
}
