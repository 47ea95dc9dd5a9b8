package recording

import (
	"context"
	"errors"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// longBlockInfo describes one stream with waveforms of n samples.
func longBlockInfo(n int64) DeviceInfo {
	info := rawInfo(0, "A")
	info.Mode = ModeRapidBlock
	info.Streams[0].Global.WaveformSamples = n
	return info
}

func beginWaveform(t *testing.T, d *DeviceWriter, number, at int64, samples int) {
	t.Helper()
	if err := d.BeginWaveform(Waveform{Number: number}); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 0, at, samples)
}

func checkVerified(t *testing.T, dir string) {
	t.Helper()
	rep, err := Verify(context.Background(), dir, VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !rep.OK() {
		t.Errorf("damage %+v, problems %v", rep.Streams, rep.Problems)
	}
}

func TestAnnotationsOverTwoWaveformsAreToldUpToTheMark(t *testing.T) {
	over := func(start, n int64) Annotation {
		return Annotation{SampleStart: start, SampleCount: n, Label: LabelOverRange, Generator: Generator, Exact: new(false)}
	}
	for _, c := range []struct {
		name string
		keep bool // the second waveform becomes whole
		sync bool // while it is open
		want []Annotation
	}{
		{"dropped behind a sync", false, true, []Annotation{over(100, 200)}},
		{"dropped without a sync", false, false, []Annotation{over(100, 200)}},
		{"whole behind a sync", true, true, []Annotation{over(100, 300)}},
		{"whole without a sync", true, false, []Annotation{over(100, 300)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := testRun(t, Options{})
			d := testDevice(t, r, longBlockInfo(300))
			beginWaveform(t, d, 0, 0, 300)
			d.Annotate(0, over(100, 200))
			if err := d.EndWaveform(); err != nil {
				t.Fatal(err)
			}
			beginWaveform(t, d, 1, 300, 100)
			d.Annotate(0, over(300, 100)) // becomes one with that of the waveform before
			if c.sync {
				syncNow(t, d)
				for _, l := range readLines(t, r.Dir(), "cell") {
					s, ok := l.(*JournalSync)
					if !ok {
						continue
					}
					for _, a := range s.Streams["cell.A"].Annotations {
						if a.End() > s.Streams["cell.A"].N {
							t.Errorf("a line that covers %d samples tells of %+v", s.Streams["cell.A"].N, a)
						}
					}
				}
				checkVerified(t, r.Dir())
			}
			if c.keep {
				appendRamp(t, d, 0, 400, 200)
				if err := d.EndWaveform(); err != nil {
					t.Fatal(err)
				}
			} else if err := d.DropWaveform("test"); err != nil {
				t.Fatal(err)
			}
			finish(t, r, d)
			checkSealed(t, r.Dir())
			if diff := cmp.Diff(c.want, readMetaFile(t, r.Dir(), "cell.A").Annotations); diff != "" {
				t.Error("(-want +got)", diff)
			}
			checkVerified(t, r.Dir())
		})
	}
}

func TestFailedWriteBackOfAnOpenWaveformIsNotForgotten(t *testing.T) {
	const n = windowBytes * 3 / 4 // samples: a waveform begins the write-back of one and a half windows
	for _, c := range []struct {
		name  string
		first bool // a whole waveform lies before the one whose write-back fails, told by the same checkpoint
		drop  bool // the waveform does not become whole
		want  []Annotation
	}{
		{"whole", false, false, []Annotation{{SampleStart: 0, SampleCount: n}}},
		{"whole, behind another", true, false, []Annotation{{SampleStart: n, SampleCount: n}}},
		{"dropped", false, true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := newFaultFS(nil)
			r := testRun(t, Options{FS: fsys})
			d := testDevice(t, r, longBlockInfo(n))
			at, number := int64(0), int64(0)
			if c.first {
				beginWaveform(t, d, number, at, n)
				if err := d.EndWaveform(); err != nil {
					t.Fatal(err)
				}
				at, number = n, 1
				d.streams[0].file.dropped = n * 2 // it is on the disk
				d.streams[0].file.window = n * 2
			}
			failed := false
			fsys.set(func(_ int, op, _ string) (error, bool) {
				if op == "writeback" && !failed {
					failed = true
					return syscall.EIO, false
				}
				return nil, false
			})
			beginWaveform(t, d, number, at, n-10)
			if !failed {
				t.Fatal("nothing was written back")
			}
			syncNow(t, d) // the open waveform is not covered
			if c.drop {
				if err := d.DropWaveform("test"); err != nil {
					t.Fatal(err)
				}
			} else {
				appendRamp(t, d, 0, at+n-10, 10)
				if err := d.EndWaveform(); err != nil {
					t.Fatal(err)
				}
				res, err := d.Sync(context.Background(), d.Checkpoint(nil, nil))
				if !errors.Is(err, syscall.EIO) || res.Synced {
					t.Errorf("sync that covers the waveform: %+v, %v", res, err)
				}
			}
			finish(t, r, d)
			checkSealed(t, r.Dir())
			for i := range c.want {
				c.want[i].Label, c.want[i].Generator = LabelUnverified, Generator
			}
			have := readMetaFile(t, r.Dir(), "cell.A").Annotations
			if len(have) != len(c.want) || len(have) == 1 && have[0] != c.want[0] {
				t.Errorf("annotations %+v, want %+v", have, c.want)
			}
		})
	}
}

// A write-back can take the error of bytes that a checkpoint covers whose sync has not begun: the system tells each error once.
func TestFailedWriteBackBetweenCheckpointAndSync(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 1000)
	cp := d.Checkpoint(nil, nil)
	fsys.set(func(_ int, op, _ string) (error, bool) {
		if op == "writeback" {
			return syscall.EIO, false
		}
		return nil, false
	})
	appendRamp(t, d, 0, 1000, windowBytes/2)
	fsys.set(nil)
	if res, err := d.Sync(context.Background(), cp); !errors.Is(err, syscall.EIO) || res.Synced {
		t.Errorf("sync: %+v, %v", res, err)
	}
	finishUnverified(t, r, d)
	if a := readMetaFile(t, r.Dir(), "cell.A").Annotations; len(a) != 1 || a[0].SampleStart != 0 || a[0].SampleCount != 1000+windowBytes/2 {
		t.Errorf("annotations %+v", a)
	}
}

// finishUnverified ends a run the last sync of which tells of unverified samples.
func finishUnverified(t *testing.T, r *Run, d *DeviceWriter) {
	t.Helper()
	if err := d.Finish(context.Background(), SealStop, nil, nil); !errors.Is(err, syscall.EIO) {
		t.Fatalf("finish: %v", err)
	}
	if err := r.Close(End{}); err != nil {
		t.Fatal(err)
	}
	checkSealed(t, r.Dir())
}
