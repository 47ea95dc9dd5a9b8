package analyze

import (
	"math"
	"testing"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// rapid is a lab of a rapid block mode with waveforms of 100 samples: a step of 1 V ten samples behind a stream's trigger.
func rapid(t *testing.T, streams ...recording.StreamInfo) *recordingtest.Lab {
	t.Helper()
	for i := range streams {
		streams[i].Global.WaveformSamples = 100
	}
	info := recordingtest.Device(streams...)
	info.Mode = recording.ModeRapidBlock
	return recordingtest.New(t, info)
}

// TestAverageWithoutTrigger: a waveform that a timeout ended counts only when it is asked for, or when none has a trigger.
func TestAverageWithoutTrigger(t *testing.T) {
	t.Parallel()
	l := rapid(t, recordingtest.Analog("A"))
	l.Signal = func(_ int, device int64) int64 {
		if w := device / 100; w == 0 || w == 3 {
			return 5000 // no step in it
		}
		return 1000 * ((device%100 - 20 + 1000) / 1000)
	}
	for k, trigger := range []int64{-1, 20, 20, -1} {
		l.Wave(int64(k), 100, trigger, 0)
	}
	r := l.Open()
	for _, c := range []struct {
		name string
		sel  Selection
		op   *Average
		want float64 // of the sample before the trigger
		time float64 // of the first sample
		note string
	}{
		{"left out", Selection{}, &Average{}, 0, -0.02, "cell.A: 2 waveforms; 2 waveforms without a trigger left out, --untriggered counts them too"},
		{"asked for", Selection{}, &Average{Untriggered: true}, 2.5, -0.02, "cell.A: 4 waveforms, among them 2 waveforms without a trigger"},
		{"none has one", Selection{From: at("3")}, &Average{}, 5, 0, "cell.A: 1 waveform, of which none has a trigger: time 0 is their first sample"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			table := run(t, r, c.sel, c.op)
			within(t, "mean", column(t, table, "cell.A")[19], c.want, 1e-12)
			within(t, "time", column(t, table, "time")[0], c.time, 1e-12)
			hasNote(t, table, c.note)
		})
	}
}

// TestAverageOfDifferentTriggers: streams whose triggers lie at different places have one axis, with all triggers at 0.
func TestAverageOfDifferentTriggers(t *testing.T) {
	t.Parallel()
	half := recordingtest.Analog("B")
	l := rapid(t, recordingtest.Analog("A"), half)
	l.Signal = func(stream int, device int64) int64 {
		if k := device % 100; k >= 30 && stream == 0 || k >= 60 && stream == 1 {
			return 1000
		}
		return 0
	}
	l.WaveOf(0, 100, 30, 60)
	l.WaveOf(1, 100, 30, 60)
	table := run(t, l.Open(), Selection{}, &Average{})
	same(t, "rows", 130, table.Rows)
	times, a, b := column(t, table, "time"), column(t, table, "cell.A"), column(t, table, "cell.B")
	within(t, "first time", times[0], -0.06, 1e-12)
	for i, at := range times {
		want := 0.0
		if at > -1e-9 {
			want = 1
		}
		if i >= 30 && a[i] != want || i < 30 && !math.IsNaN(a[i]) {
			t.Errorf("A has %v at %v s", a[i], at)
		}
		if i < 100 && b[i] != want || i >= 100 && !math.IsNaN(b[i]) {
			t.Errorf("B has %v at %v s", b[i], at)
		}
	}
}
