package export

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// TestToldLosses: lengths that are estimated, loss behind the last sample and counts of two ranges are told, and counted in the files that they
// belong to.
func TestToldLosses(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(100)
	l.Estimate(0, 50, 40, 70)
	l.Add(100)
	l.Rescale(0, 0.002)
	l.Add(50)
	l.Lose(2000)
	r := l.Open()
	const (
		estimated = "cell.A: the length of a gap in or before it is estimated: 50 samples, between 40 and 70; seconds and sample numbers behind may be wrong by -10ms to +20ms, UTC is not"
		behind    = "cell.A: 2,000 samples were lost (ring_full) behind its last one"
		rescaled  = "cell.A: the range changed once, at sample 250: counts before and behind stand for other values; volts, or the channel's unit, have one scale"
	)
	type file struct{ From, Rows, Missing, Behind, Fewer, More int64 }
	for _, c := range []struct {
		name  string
		o     Options
		files []file
		notes []string
	}{
		{"filled", Options{Gaps: Fill}, []file{{0, 300, 50, 2000, 10, 20}}, []string{estimated, behind}},
		{"split", Options{Gaps: Split}, []file{{0, 100, 0, 0, 0, 0}, {150, 150, 0, 2000, 0, 0}}, []string{estimated, behind}},
		{"up to a place", Options{Gaps: Fill, Until: series.AtIndex(200)}, []file{{0, 200, 50, 0, 10, 20}}, []string{estimated}},
		{"before the gap", Options{Until: series.AtIndex(100)}, []file{{0, 100, 0, 0, 0, 0}}, nil},
		{"counts", Options{Quantity: convert.Counts, From: series.AtIndex(150)}, []file{{150, 150, 0, 2000, 0, 0}}, []string{estimated, behind, rescaled}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.To = filepath.Join(t.TempDir(), "x.npy")
			res := export(t, r, c.o)
			var got []file
			for _, f := range res.Files {
				got = append(got, file{f.From, f.Rows, f.Missing, f.Behind, f.Fewer, f.More})
			}
			if diff := cmp.Diff(c.files, got); diff != "" {
				t.Errorf("files (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.notes, res.Notes); diff != "" {
				t.Errorf("notes (-want +got)\n%s", diff)
			}
		})
	}
}

// TestUnitsInFiles: values of two units never share a column.
func TestUnitsInFiles(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(100)
	k := recordingtest.Analog("A")
	k.Global.Unit, k.Global.Sensor, k.Global.Scale = "K", &recording.Sensor{Scale: 10}, 0.01
	l.Reconfigure(recordingtest.Device(k))
	l.Add(50)
	r := l.Open()
	o := Options{To: filepath.Join(t.TempDir(), "x.csv"), Gaps: Fill}
	if _, err := Run(t.Context(), r, o); err == nil {
		t.Error("volts and kelvins in one file")
	}
	o.Gaps = Split
	var got []any
	for _, f := range export(t, r, o).Files {
		got = append(got, f.Unit[0], f.From, f.Rows)
	}
	if diff := cmp.Diff([]any{"V", int64(0), int64(100), "K", int64(100), int64(50)}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestToldBlanks: values that an equation does not give are not those that are missing.
func TestToldBlanks(t *testing.T) {
	t.Parallel()
	a := recordingtest.Analog("A")
	a.Global.Equation = "sqrt(v - 0.01)"
	l := recordingtest.New(t, recordingtest.Device(a))
	l.Add(100)
	l.Lose(20)
	l.Add(100)
	r := l.Open()
	res := export(t, r, Options{To: filepath.Join(t.TempDir(), "x.npy"), Gaps: Fill})
	if diff := cmp.Diff([]string{"cell.A: 10 values are NaN or infinite, though no sample is missing there"}, res.Notes); diff != "" || res.Files[0].Missing != 20 {
		t.Errorf("%d missing; notes (-want +got)\n%s", res.Files[0].Missing, diff)
	}
	res = export(t, r, Options{To: filepath.Join(t.TempDir(), "x.npy"), Gaps: Fill, Quantity: convert.Volts})
	if len(res.Notes) > 0 {
		t.Errorf("volts: %q", res.Notes)
	}
}
