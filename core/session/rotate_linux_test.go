package session

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// TestSeams cuts real runs into segments in every way. Joined, the files of each stream are the whole signal: not a sample is missing or doubled at a seam.
func TestSeams(t *testing.T) {
	t.Parallel()
	const beside = `downsample {
      mode     = "aggregate"
      ratio    = 7
      keep_raw = true
    }`
	type row struct {
		name, rotate string
		channels     int
		mode         string
		want         map[string]int64
		least        int // segments
	}
	stream := func(rate, more string) string {
		return fmt.Sprintf("stream {\n    %s\n    %s\n  }", rate, more)
	}
	atOnce(t, []row{
		{"time", "1s", 2, stream(`sample_rate = "100kS/s"`, ""), map[string]int64{"cell.A": 300_000, "cell.B": 300_000}, 3},
		{"time, slow", "1s", 1, stream(`sample_rate = "100S/s"`, ""), map[string]int64{"cell.A": 300}, 3},
		{"time, at a rate that divides nothing", "1s", 2, stream(`sample_interval = "10/3us"`, ""), map[string]int64{"cell.A": 900_000, "cell.B": 900_000}, 3},
		{"size", "64KiB", 2, stream(`sample_rate = "250kS/s"`, ""), map[string]int64{"cell.A": 750_000, "cell.B": 750_000}, 20},
		{"size, of an aggregate too", "256KiB", 2, stream(`sample_rate = "250kS/s"`, beside), map[string]int64{
			"cell.A": 750_000, "cell.A.min": 107_142, "cell.A.max": 107_142, "cell.B": 750_000, "cell.B.min": 107_142, "cell.B.max": 107_142,
		}, 5},
		{"time, an aggregate beside raw", "1s", 1, stream(`sample_rate = "100kS/s"`, beside), map[string]int64{"cell.A": 300_000, "cell.A.min": 42_857, "cell.A.max": 42_857}, 3},
		{"time, averages", "1s", 1, stream(`sample_rate = "1MS/s"`, "downsample {\n      mode = \"average\"\n      ratio = 100\n    }"), map[string]int64{"cell.A": 30_000}, 3},
		{"rapid blocks", "1s", 2, "rapid_block {\n    sample_rate = \"1MS/s\"\n    post = 500\n    captures = 3\n    repeat = 30\n    every = \"100ms\"\n  }", map[string]int64{"cell.A": 45_000, "cell.B": 45_000}, 3},
	}, func(c row) string { return c.name }, func(t *testing.T, c row) {
		l := newLab(t)
		head := strings.Replace(header, `"1s"`, "\"3s\"\n  sync = \"200ms\"\n  rotate = \""+c.rotate+`"`, 1)
		if strings.HasPrefix(c.mode, "rapid") {
			head = strings.Replace(head, `duration = "3s"`, "", 1)
		}
		channels := ""
		for i := range c.channels {
			channels += fmt.Sprintf("  channel %q {\n    range = \"5V\"\n    sim { signal = \"proof\" }\n  }\n", string(rune('A'+i)))
		}
		sum := l.wait(l.start(fmt.Sprintf("%s\ndevice \"cell\" {\n  driver = \"sim\"\n  serial = \"SEAM%d\"\n%s  %s\n}\n", head, serials.Add(1), channels, c.mode)))
		if sum.ExitCode(false) != ExitDone || len(sum.Devices[0].Streams) != len(c.want) {
			t.Error(describe(sum))
		}
		l.checkSeams(sum.Dir, c.want, c.least)
	})
}

// checkSeams wants each stream to have so many samples, in at least so many segments that follow each other without a hole.
func (l *lab) checkSeams(dir string, want map[string]int64, least int) *recording.Recording {
	l.t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		segs, next := st.Segments(), int64(0)
		for _, g := range segs {
			if g.Start != next {
				l.t.Errorf("%s: segment %d begins at %d, want %d", st.Name(), g.Number, g.Start, next)
			}
			next += g.Samples
		}
		if next != want[st.Name()] || len(segs) < least || len(st.Gaps()) != 0 {
			l.t.Errorf("%s: %d samples in %d segments with %d gaps, want %d in %d", st.Name(), next, len(segs), len(st.Gaps()), want[st.Name()], least)
		}
		// One after another the captures of a stream count on: that is the whole signal, whose values verify has proven by their place.
		for i, c := range st.Captures() {
			if mode := segs[0].Global.Mode; !mode.Block() && c.GlobalIndex != c.SampleStart {
				l.t.Errorf("%s: capture %d at %d has device index %d", st.Name(), i, c.SampleStart, c.GlobalIndex)
			}
		}
	}
	return rec
}

// TestHourlySeam runs over a full hour: the cut is right behind it, in all streams at the same sample.
func TestHourlySeam(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	o := l.options(strings.Replace(header, `"1s"`, "\"4s\"\n  rotate = \"hourly\"", 1) + proof("cell", "HOUR") + strings.ReplaceAll(proof("slow", "HOUR"), "100kS/s", "1kS/s"))
	now := time.Now()
	hour := now.Truncate(time.Hour).Add(time.Hour)
	shift := hour.Add(-2 * time.Second).Sub(now) // it is two seconds to the full hour
	o.Clock = func() clock.Reading {
		r := clock.Read()
		r.UTCNS += int64(shift)
		return r
	}
	s, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitDone {
		t.Error(describe(sum))
	}
	rec := l.checkSeams(sum.Dir, map[string]int64{"cell.A": 400_000, "cell.B": 400_000, "slow.A": 4000, "slow.B": 4000}, 1)
	for _, st := range rec.Streams() {
		segs := st.Segments()
		if strings.HasPrefix(st.Name(), "slow") && len(segs) == 1 {
			continue // its cut lies 4096 samples behind at the most
		}
		if len(segs) != 2 {
			t.Errorf("%s: %d segments", st.Name(), len(segs))
			continue
		}
		unit := l.runFile(sum.Dir).Device(segs[0].Global.Device).Cut
		var at recording.Timestamp
		for _, c := range st.Captures() {
			if c.SampleStart == segs[1].Start {
				at = c.Datetime
			}
		}
		late := at.Time().Sub(hour)
		if most := time.Duration(segs[0].Global.SampleInterval.NS(unit)) + 10*time.Millisecond; late < 0 || late > most || segs[1].Start%unit != 0 {
			t.Errorf("%s: the second segment begins at %d, %v behind the hour, want a multiple of %d at most %v behind", st.Name(), segs[1].Start, late, unit, most)
		}
	}
}
