package export

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// blocks is a run of five waveforms of 20 samples, number 3 of which was lost, with an aggregate beside raw.
func blocks(t *testing.T) *recording.Recording {
	a, b, low := recordingtest.Analog("A"), recordingtest.Analog("B"), recordingtest.Analog("A")
	low.Kind, low.Ratio = recording.KindMin, 10
	a.Global.WaveformSamples, b.Global.WaveformSamples, low.Global.WaveformSamples = 20, 20, 2
	info := recordingtest.Device(a, b, low)
	info.Mode = recording.ModeRapidBlock
	l := recordingtest.New(t, info)
	for n, trigger := range []int64{5, 5, -1, 7} {
		number := int64(n)
		if n == 3 {
			number = 4
		}
		l.Wave(number, 20, trigger, 250_000_000_000) // 0.25 of an interval
	}
	return l.Open()
}

func TestBlocksAreMatrices(t *testing.T) {
	r := blocks(t)
	dir := t.TempDir()
	res := export(t, r, Options{To: filepath.Join(dir, "x.npy"), Quantity: convert.Counts})
	shapes := map[string]string{}
	for _, f := range res.Files {
		descr, shape, values := array(t, f.Path)
		shapes[filepath.Base(f.Path)] = descr + " " + shape
		for i, v := range values {
			if v != float64(i) {
				t.Fatalf("%s: value %d is %v", f.Path, i, v)
			}
		}
	}
	want := map[string]string{"x.cell.A.npy": "<i2 (4, 20)", "x.cell.B.npy": "<i2 (4, 20)", "x.cell.A.min.npy": "<i2 (4, 2)"}
	if diff := cmp.Diff(want, shapes); diff != "" {
		t.Error("(-want +got)", diff)
	}
	res = export(t, r, Options{To: filepath.Join(dir, "y.npy"), Streams: []string{"cell.B"}, From: series.AtIndex(1), Until: series.AtIndex(3)})
	_, shape, values := array(t, filepath.Join(dir, "y.npy"))
	if shape != "(2, 20)" || !near(values[0], 0.02) || res.Files[0].From != 1 || res.Files[0].Waveform != 20 {
		t.Errorf("shape %s, first %v, %+v", shape, values[0], res.Files)
	}
}

// TestBlocksByNumber: waveforms are chosen and told by their number, not by their row.
func TestBlocksByNumber(t *testing.T) {
	r := blocks(t)
	to := filepath.Join(t.TempDir(), "x.csv")
	res := export(t, r, Options{To: to, Streams: []string{"cell.B"}, From: series.AtIndex(3), Until: series.AtIndex(5)})
	if f := res.Files[0]; f.From != 4 || f.Rows != 1 || !strings.Contains(text(t, to), "(V)\n\n4,") {
		t.Errorf("%+v: %s", f, text(t, to))
	}
	if _, err := Run(t.Context(), r, Options{To: to + "2.csv", From: series.AtIndex(3), Until: series.AtIndex(4)}); !errors.Is(err, series.ErrEmpty) {
		t.Errorf("the waveform that was lost: %v", err)
	}
}

// TestBlocksBehindDropped: what is left of a run whose first segment was dropped keeps its numbers.
func TestBlocksBehindDropped(t *testing.T) {
	a := recordingtest.Analog("A")
	a.Global.WaveformSamples = 20
	info := recordingtest.Device(a)
	info.Mode, info.CutSamples = recording.ModeRapidBlock, 60
	l := recordingtest.New(t, info)
	for n := range int64(8) { // segments of three
		l.Wave(n, 20, 5, 0)
	}
	l.Sync()
	_, err := l.Run().DropOldest()
	must(t, err)
	r := l.Open()
	dir := t.TempDir()
	all := export(t, r, Options{To: filepath.Join(dir, "x.npy")}).Files[0]
	some := export(t, r, Options{To: filepath.Join(dir, "y.npy"), From: series.AtIndex(5), Until: series.AtIndex(7)}).Files[0]
	if all.From != 3 || all.Rows != 5 || some.From != 5 || some.Rows != 2 {
		t.Errorf("all from %d, %d rows; some from %d, %d rows", all.From, all.Rows, some.From, some.Rows)
	}
}

func TestBlocksAsText(t *testing.T) {
	r := blocks(t)
	to := filepath.Join(t.TempDir(), "x.csv")
	export(t, r, Options{To: to, Streams: []string{"cell.A", "cell.B"}, From: series.AtIndex(2)})
	got := text(t, to)
	head := "Waveform,Time,cell.A,cell.B\n,(s),(V),(V)\n\n2,0.000,0.04,0.04\n2,0.001,0.041,0.041\n"
	if len(got) < len(head) || got[:len(head)] != head {
		t.Errorf("begins with %q", got[:min(len(got), len(head))])
	}
	tail := "4,-0.000250000000000,0.067,0.067\n4,0.000750000000000,0.068,0.068\n"
	if !strings.Contains(got, tail) {
		t.Errorf("the trigger is not time 0: %s", got)
	}
}

func TestClock(t *testing.T) {
	for _, c := range []struct {
		name            string
		num, den        int64
		index, offsetFS int64
		want            string
	}{
		{"zero", 1, 1000, 0, 0, "0.000"},
		{"milliseconds", 1, 1000, 12345, 0, "12.345"},
		{"negative", 1, 1000, -5, 0, "-0.005"},
		{"whole seconds", 2, 1, 3, 0, "6"},
		{"8 ns for a year", 1, 125_000_000, 3_944_700_000_000_001, 0, "31557600.000000008"},
		{"a third", 1, 3, 1, 0, "0.333333333333333"},
		{"two thirds", 1, 3, 2, 0, "0.666666666666667"},
		{"a third, whole", 1, 3, 3, 0, "1.000000000000000"},
		{"rounded up to a second", 999999999999999999, 1000000000000000001, 1, 0, "1.000000000000000"},
		{"0.2 ns", 1, 5_000_000_000, 7, 0, "0.0000000014"},
		{"trigger between samples", 1, 1000, 2, 500_000_000_000, "0.001500000000000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := string(newClock(recording.Fraction{Num: c.num, Den: c.den}).append(nil, c.index, c.offsetFS))
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
