package recorder

import (
	"testing"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// triggers lists a stream's annotations of triggers.
func (r *rig) triggers(name string) []recording.Annotation {
	r.t.Helper()
	var list []recording.Annotation
	for _, a := range r.stream(name).Annotations() {
		if a.Label == recording.LabelTrigger {
			list = append(list, a)
		}
	}
	return list
}

func TestStreamTriggers(t *testing.T) {
	t.Parallel()
	type want struct {
		start, count int64
		exact        bool
	}
	for _, c := range []struct {
		name   string
		gap    uint64 // lost behind the first 1000 samples
		sample uint64 // epoch index
		fs     int64
		within uint32
		a, b   want
	}{
		{"at a sample", 0, 1234, 0, 0, want{1234, 1, true}, want{123, 1, true}},
		{"between two samples", 0, 1234, 999_999_990, 0, want{1234, 1, true}, want{123, 1, true}},
		{"just before a sample", 0, 1234, -500, 0, want{1233, 1, true}, want{123, 1, true}},
		{"some deliveries back", 0, 17, 0, 0, want{17, 1, true}, want{1, 1, true}},
		{"somewhere in a range", 0, 1230, 0, 15, want{1230, 15, false}, want{123, 2, false}},
		{"behind a loss", 500, 1700, 0, 0, want{1200, 1, true}, want{120, 1, true}},
		{"before a loss", 500, 990, 0, 0, want{990, 1, true}, want{99, 1, true}},
		{"in a loss", 500, 1200, 0, 0, want{999, 2, false}, want{99, 2, false}},
		{"over a loss", 500, 995, 0, 600, want{995, 100, false}, want{99, 11, false}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, Options{}, nil, 1, 10)
			r.start(1<<16, recording.CauseNone)
			r.push(1000, 0)
			if c.gap > 0 {
				r.must(r.prod.Gap(0, c.gap, shmring.CauseDriver))
				r.must(r.prod.Gap(1, c.gap/10, shmring.CauseDriver))
			}
			r.mark(shmring.Mark{Type: shmring.DescTrigger, Sample: c.sample, OffsetFS: c.fs, Within: c.within})
			r.push(1000, 0)
			r.must(r.prod.Finish(nil))
			r.end()
			r.finish(recording.CauseNone)
			for name, w := range map[string]want{"dev.A": c.a, "dev.B": c.b} {
				list := r.triggers(name)
				if len(list) != 1 {
					t.Fatalf("%s: %+v", name, list)
				}
				if a := list[0]; (want{a.SampleStart, a.SampleCount, *a.Exact}) != w {
					t.Errorf("%s: %+v (exact %v), want %+v", name, a, *a.Exact, w)
				}
			}
			r.verify()
		})
	}
}

// TestPlaceInWaveform looks at odd intervals and at triggers that lie outside of the waveform.
func TestPlaceInWaveform(t *testing.T) {
	t.Parallel()
	third := recording.Fraction{Num: 1, Den: 3_000_000}
	micro := recording.Fraction{Num: 1, Den: 1_000_000}
	for _, c := range []struct {
		name             string
		interval         recording.Fraction
		ratio            int64
		at, fs           int64
		point            int64
		position, offset int64
	}{
		{"at the trigger point", micro, 1, 500, -300_000_000_000, 200, 200, 0},
		{"before the trigger point", micro, 1, 500, -300_000_000_000 - 7, 200, 200, -7},
		{"behind the trigger point", micro, 1, 500, -300_000_000_000 + 999_999_999, 200, 200, 999_999_999},
		{"elsewhere", micro, 1, 500, -300_000_000_000 + 999_999_900, 100, 200, 999_999_900},
		{"thirds, as they are rounded", third, 1, 500, -99_999_999_999, -5, 200, 0},
		{"thirds, by the trigger point", third, 1, 500, -99_999_999_999, 200, 200, 0},
		{"in a group", micro, 10, 500, -295_000_000_000, 200, 20, 5_000_000_000},
		{"before the waveform", micro, 1, 500, -600_000_000_000, -5, 0, -100_000_000_000},
		{"behind the waveform", micro, 1, 500, 600_000_000_000, 5, 999, 101_000_000_000},
		{"behind the groups", micro, 10, 500, 600_000_000_000, 5, 99, 110_000_000_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := &Device{o: Options{TriggerPoint: c.point}, femto: newFemto(c.interval), lanes: []lane{{ratio: c.ratio}}, blocks: newBlocks(1)}
			d.blocks.length[0] = 1000 / c.ratio
			position, offset := d.inWave(0, c.at, 1, c.fs)
			if offset == nil || position != c.position || *offset-c.offset > 1 || c.offset-*offset > 1 {
				t.Errorf("sample %d and %v fs, want %d and %d", position, *offset, c.position, c.offset)
			}
		})
	}
}

// TestTriggerWithin: of a waveform's trigger that lies somewhere in a sample, no time inside of it is told.
func TestTriggerWithin(t *testing.T) {
	t.Parallel()
	for within, want := range []bool{true, false} {
		r := newBlockRig(t, Options{TriggerPoint: 40}, nil, 0, 100, 1)
		r.start(1<<16, recording.CauseNone)
		r.prod.Begin(r.mono)
		r.mark(shmring.Mark{Type: shmring.DescWaveBegin, Samples: 100})
		r.mark(shmring.Mark{Type: shmring.DescTrigger, Sample: 40, OffsetFS: 5, Within: uint32(within)})
		r.must(r.prod.Push(0, make([]byte, 200)))
		r.mark(shmring.Mark{Type: shmring.DescWaveEnd, Urgent: true})
		r.must(r.prod.Commit())
		r.must(r.prod.Finish(nil))
		r.end()
		r.finish(recording.CauseNone)
		c := r.stream("dev.A").Captures()[0]
		if c.TriggerPosition == nil || *c.TriggerPosition != 40 || (c.TriggerOffsetFS != nil) != want {
			t.Errorf("within %d: %+v", within, c)
		}
	}
}
