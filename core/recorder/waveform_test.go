package recorder

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// newBlockRig is a rig in rapid block mode; waveforms have so many raw samples.
func newBlockRig(t *testing.T, o Options, fsys recording.FS, cut, raw int64, ratios ...int64) *rig {
	t.Helper()
	run, err := recording.Create(t.TempDir(), "test", recording.Options{Program: "test", SyncAsked: o.Sync, FS: fsys})
	if err != nil {
		t.Fatal(err)
	}
	info := recording.DeviceInfo{
		Name: "dev", Driver: "test", Serial: "1", Mode: recording.ModeRapidBlock, CutSamples: cut, RawInterval: recording.Fraction{Num: 1, Den: 1_000_000},
	}
	for i, r := range ratios {
		kind := recording.KindRaw
		if r != 1 {
			kind = recording.KindDecimate
		}
		info.Streams = append(info.Streams, recording.StreamInfo{
			Channel: string(rune('A' + i)), Kind: kind, Ratio: r, Global: recording.Global{Scale: 1, WaveformSamples: raw / r},
		})
	}
	return newRigOf(t, o, run, info)
}

// waveform is what a producer says of one.
type waveform struct {
	number, arm uint32
	samples     int64 // raw, that come; the promised number is the streams'
	chunk       int64 // raw samples a batch; 0: all at once
	dead        int64 // ns; 0: not told
	trigger     int64 // raw sample from the start; below 0: none
	triggerFS   int64
	incomplete  bool
	open        bool // its end does not come
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) mark(m shmring.Mark) {
	r.t.Helper()
	r.must(r.prod.Mark(m))
}

// wave commits a waveform as a driver does, waiting for room.
func (r *rig) wave(w waveform) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	chunk := w.chunk
	if chunk == 0 {
		chunk = w.samples
	}
	for at := int64(0); at < w.samples; at += chunk {
		n := min(chunk, w.samples-at)
		var room []int
		for _, s := range r.info.Streams {
			room = append(room, int(n/s.Ratio))
		}
		r.must(r.prod.WaitRoom(ctx, room...))
		r.mono += n * rawNS
		r.prod.Begin(r.mono)
		if at == 0 {
			r.mark(shmring.Mark{
				Type: shmring.DescWaveBegin, Waveform: w.number, Arming: w.arm, Segment: w.number % 3, Samples: uint64(r.info.Streams[0].Global.WaveformSamples),
			})
			if w.dead > 0 {
				r.mark(shmring.Mark{Type: shmring.DescParam, Code: shmring.ParamDeadTime, DeadTimeNS: uint64(w.dead)})
			}
		}
		if w.trigger >= at && w.trigger < at+n {
			r.mark(shmring.Mark{Type: shmring.DescTrigger, Sample: r.prod.Next(0) + uint64(w.trigger-at), OffsetFS: w.triggerFS})
		}
		for i, s := range r.info.Streams {
			b := make([]byte, 0, 2*n/s.Ratio)
			for k := range n / s.Ratio {
				b = binary.LittleEndian.AppendUint16(b, uint16(int64(w.number)*1000+(at/s.Ratio)+k))
			}
			r.must(r.prod.Push(i, b))
		}
		if at+n == w.samples && !w.open {
			r.mark(shmring.Mark{Type: shmring.DescWaveEnd, Incomplete: w.incomplete, Urgent: true})
		}
		err := r.prod.Commit()
		for errors.Is(err, shmring.ErrNoRoom) {
			r.must(r.prod.WaitRoom(ctx))
			err = r.prod.Commit()
		}
		r.must(err)
	}
}

// checkWaves wants these waveforms, and nothing else, in every stream, whole.
func (r *rig) checkWaves(numbers ...int64) {
	r.t.Helper()
	for _, s := range r.info.Streams {
		name := recording.StreamName("dev", s.Channel, s.Kind, false)
		n := int(s.Global.WaveformSamples)
		stream := r.stream(name)
		got := r.samples(s.Channel)
		caps := stream.Captures()
		if len(caps) != len(numbers) || len(got) != n*len(numbers) {
			r.t.Errorf("%s: %d captures, %d samples, want %d waveforms of %d", name, len(caps), len(got), len(numbers), n)
			continue
		}
		for i, want := range numbers {
			if c := caps[i]; c.Waveform == nil || *c.Waveform != want || c.SampleStart != int64(i*n) || c.Gap != nil {
				r.t.Errorf("%s: capture %d is %+v, want waveform %d", name, i, c, want)
			}
			contiguous(r.t, got[i*n:(i+1)*n], int(got[i*n]))
		}
	}
	r.verify()
}

func (r *rig) lostEvents() []string {
	r.t.Helper()
	rec, err := recording.Open(r.run.Dir())
	r.must(err)
	events, err := rec.Events()
	r.must(err)
	var texts []string
	for _, e := range events {
		if e.Kind == recording.EventWaveformLost {
			texts = append(texts, e.Text)
		}
	}
	return texts
}

func TestWaveforms(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, Options{Sync: 20 * time.Millisecond, TriggerPoint: 200}, nil, 0, 1000, 1, 1, 10)
	r.start(1<<16, recording.CauseNone)
	for n := range uint32(200) {
		w := waveform{number: n, arm: n / 10, samples: 1000, trigger: 200, triggerFS: 123_000}
		if n%2 == 1 {
			w.chunk = 130
		}
		if n%10 > 0 {
			w.dead = 5000
		}
		r.wave(w)
		if n%20 == 0 {
			for _, s := range r.info.Streams {
				info, err := os.Stat(filepath.Join(r.run.Dir(), "dev."+s.Channel+recording.ExtData))
				if row := 2 * s.Global.WaveformSamples; err != nil || info.Size()%row != 0 {
					t.Fatalf("while it records: %d bytes are no rows of %d, %v", info.Size(), row, err)
				}
			}
		}
	}
	r.must(r.prod.Finish(nil))
	if out := r.end(); out.End != EndFinished {
		t.Fatalf("outcome %+v", out)
	}
	r.finish(recording.CauseNone)
	numbers := make([]int64, 200)
	for i := range numbers {
		numbers[i] = int64(i)
	}
	r.checkWaves(numbers...)
	for ch, want := range map[string][2]int64{"dev.A": {200, 123_000}, "dev.B": {200, 123_000}, "dev.C": {20, 123_000}} {
		for i, c := range r.stream(ch).Captures() {
			if c.TriggerPosition == nil || *c.TriggerPosition != want[0] || *c.TriggerOffsetFS != want[1] || *c.Arm != int64(i/10) || *c.MemorySegment != int64(i%3) ||
				(c.DeadTimeNS != nil) != (i%10 > 0) || c.DeadTimeNS != nil && *c.DeadTimeNS != 5000 {
				t.Fatalf("%s: capture %d: %+v", ch, i, c)
			}
		}
	}
	if st := r.dev.Stats(); st.Waveforms != 200 || st.WaveformsLost != 0 || st.Arm != 20 || st.DeadTimes != 180 || st.DeadMost != 5e-6 || st.Streams[2].Recorded != 20_000 {
		t.Errorf("stats %+v", st)
	}
}

func TestWaveformsAreLost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		act     func(r *rig)
		end     EndKind
		waves   []int64
		lost    int64
		because string
	}{
		{"the device says so", func(r *rig) {
			r.wave(waveform{number: 1, samples: 60, incomplete: true})
			r.wave(waveform{number: 2, samples: 100})
			r.must(r.prod.Finish(nil))
		}, EndFinished, []int64{0, 2}, 1, "waveform 1 is not complete: the device did not hand it over whole"},
		{"the plugin dies", func(r *rig) {
			r.wave(waveform{number: 1, samples: 70, open: true})
			close(r.dead)
		}, EndDead, []int64{0}, 1, "the plugin ended"},
		{"it is stopped", func(r *rig) {
			r.dev.Ending()
			r.wave(waveform{number: 1, samples: 70, open: true})
			r.must(r.prod.Finish(nil))
		}, EndFinished, []int64{0}, 0, "the acquisition ended"},
		{"samples of it are lost", func(r *rig) {
			r.wave(waveform{number: 1, samples: 50, open: true})
			r.must(r.prod.Gap(0, 20, shmring.CauseUSB))
			r.prod.Begin(r.mono)
			r.must(r.prod.Push(0, make([]byte, 60)))
			r.must(r.prod.Push(1, make([]byte, 100)))
			r.mark(shmring.Mark{Type: shmring.DescWaveEnd})
			r.must(r.prod.Commit())
			r.wave(waveform{number: 2, samples: 100})
			r.must(r.prod.Finish(nil))
		}, EndFinished, []int64{0, 2}, 1, "lost samples"},
		{"it is too short", func(r *rig) { r.wave(waveform{number: 1, samples: 60}) }, EndFault, []int64{0}, 1, "rules"},
		{"it is too long", func(r *rig) { r.wave(waveform{number: 1, samples: 101, chunk: 100}) }, EndFault, []int64{0}, 1, "rules"},
		{"numbers do not count up", func(r *rig) { r.wave(waveform{number: 0, samples: 100}) }, EndFault, []int64{0}, 0, ""},
		{"armings do not count up", func(r *rig) {
			r.wave(waveform{number: 1, arm: 4, samples: 100})
			r.wave(waveform{number: 2, arm: 3, samples: 100})
		}, EndFault, []int64{0, 1}, 0, ""},
		{"samples outside", func(r *rig) { r.push(10, 0) }, EndFault, []int64{0}, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newBlockRig(t, Options{}, nil, 0, 100, 1, 1)
			r.start(1<<16, recording.CauseNone)
			r.wave(waveform{samples: 100})
			c.act(r)
			if out := r.end(); out.End != c.end {
				t.Errorf("outcome %+v", out)
			}
			// The next generation counts from 0 again; the run's numbers go on.
			r.start(1<<16, recording.CauseRestart)
			r.wave(waveform{number: 0, samples: 100})
			r.must(r.prod.Finish(nil))
			r.end()
			r.finish(recording.CauseNone)
			next := c.waves[len(c.waves)-1] + 1
			if c.because != "" && next == 1 {
				next = 2 // the lost one has its number
			}
			r.checkWaves(append(c.waves, next)...)
			caps := r.stream("dev.A").Captures()
			if last := caps[len(caps)-1]; last.Epoch != 1 {
				t.Errorf("the last capture %+v", last)
			}
			if st := r.dev.Stats(); st.WaveformsLost != c.lost || st.Streams[0].Lost != 0 {
				t.Errorf("stats %+v, want %d lost", st, c.lost)
			}
			if texts := strings.Join(r.lostEvents(), "; "); c.because == "" && texts != "" || !strings.Contains(texts, c.because) {
				t.Errorf("events %q, want %q", texts, c.because)
			}
		})
	}
}

// TestDiskFullInAWaveform: what was whole is sealed, the rest is told by events and is a loss, although the run ends for it.
func TestDiskFullInAWaveform(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, Options{}, &faultyFS{FS: recording.OSFS(), limit: 2 * 2 * 2500, err: syscall.ENOSPC}, 0, 1000, 1, 1)
	told := r.dev.o.Failed
	r.dev.o.Failed = func(err error) { told(err); r.dev.Ending() }
	r.start(1<<16, recording.CauseNone)
	for n := range uint32(5) {
		r.wave(waveform{number: n, samples: 1000, chunk: 300})
	}
	r.must(r.prod.Finish(nil))
	r.end()
	if len(r.failed) == 0 || !errors.Is(r.failed[0], syscall.ENOSPC) {
		t.Errorf("told: %v", r.failed)
	}
	r.finish(recording.CauseNone)
	st := r.dev.Stats()
	if st.Waveforms < 1 || st.Waveforms+st.WaveformsLost != 5 {
		t.Errorf("stats %+v", st)
	}
	var numbers []int64
	for i := range st.Waveforms {
		numbers = append(numbers, i)
	}
	r.checkWaves(numbers...)
}

func TestWaveformsToTheLimit(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, Options{Limit: Limit{Samples: 2500}}, nil, 0, 1000, 1, 10)
	r.start(1<<16, recording.CauseNone)
	for n := range uint32(6) {
		r.wave(waveform{number: n, samples: 1000})
	}
	select {
	case <-r.dev.Full():
	case <-time.After(10 * time.Second):
		t.Fatal("the limit is not noticed")
	}
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	r.checkWaves(0, 1, 2)
	if st := r.dev.Stats(); st.Waveforms != 3 || st.WaveformsCut != 0 {
		t.Errorf("stats %+v", st)
	}
}

// TestWaveformOfManyBatches has a waveform with more batches than the queue has room for.
func TestWaveformOfManyBatches(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, Options{Sync: 10 * time.Millisecond}, nil, 0, 50_000, 1, 1)
	r.start(1<<18, recording.CauseNone)
	r.wave(waveform{number: 0, samples: 50_000, chunk: 10})
	r.wave(waveform{number: 1, samples: 50_000})
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	r.checkWaves(0, 1)
}

// TestManyWaveforms has more short waveforms than a meta lists.
func TestManyWaveforms(t *testing.T) {
	t.Parallel()
	const waves = 12_000
	r := newBlockRig(t, Options{Sync: 50 * time.Millisecond}, nil, 0, 20, 1, 1)
	r.start(1<<18, recording.CauseNone)
	numbers := make([]int64, waves)
	for n := range numbers {
		numbers[n] = int64(n)
		r.wave(waveform{number: uint32(n), arm: uint32(n / 100), samples: 20, trigger: 3})
	}
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	r.checkWaves(numbers...)
}

// TestWaveformsRotate goes by the host's clock.
func TestWaveformsRotate(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, Options{RotateEvery: 100 * time.Millisecond}, nil, 1<<40, 1000, 1, 1)
	r.start(1<<18, recording.CauseNone)
	r.mono += int64(time.Hour) // behind the start, however long that takes
	for n := range uint32(10) {
		r.mono += 30e6
		r.wave(waveform{number: n, samples: 1000})
	}
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	r.verify()
	rec, err := recording.Open(r.run.Dir())
	r.must(err)
	for _, s := range rec.Streams() {
		if n := len(s.Segments()); n != 3 || s.Samples() != 10_000 {
			t.Errorf("%s: %d segments with %d samples", s.Name(), n, s.Samples())
		}
	}
}

// TestWaveformTimes: the first sample's time is that of the batch that begins the waveform, less its length.
func TestWaveformTimes(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, Options{}, nil, 0, 1000, 1)
	r.start(1<<16, recording.CauseNone)
	began := r.mono
	r.wave(waveform{samples: 1000})
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	c := r.stream("dev.A").Captures()[0]
	at := clock.NewSampler(nil)
	if away := time.Duration(int64(c.Datetime) - at.UTC(began)).Abs(); away > 50*time.Millisecond {
		t.Errorf("%v away", away)
	}
}
