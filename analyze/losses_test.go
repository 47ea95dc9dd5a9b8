package analyze

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestLossNotes: estimated gaps, loss behind the last sample and counts of two ranges are told, each where it was looked at.
func TestLossNotes(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(100)
	l.Estimate(0, 50, 40, 60)
	l.Add(100)
	l.Rescale(0, 0.002)
	l.Add(50)
	l.Lose(2000)
	r := l.Open()
	const (
		gap       = "cell.A: 1 gap of 50 samples inside; nothing was computed over one"
		estimated = "cell.A: the length of a gap in or before it is estimated: 50 samples, between 40 and 60; seconds and sample numbers behind may be wrong by -10ms to +10ms, UTC is not"
		behind    = "cell.A: 2,000 samples were lost (ring_full) behind its last one"
		rescaled  = "cell.A: the range changed once, at sample 250: counts before and behind stand for other values; volts, or the channel's unit, have one scale"
	)
	for _, c := range []struct {
		name, from, until string
		q                 convert.Quantity
		want              []string
	}{
		{"all", "", "", convert.Unit, []string{gap, estimated, behind}},
		{"before the gap", "", "100", convert.Unit, nil},
		{"behind the gap", "150", "300", convert.Unit, []string{estimated}},
		{"beyond the end", "160", "301", convert.Unit, []string{estimated, behind}},
		{"counts", "200", "300", convert.Counts, []string{estimated, rescaled}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			table := run(t, r, Selection{From: at(c.from), Until: at(c.until), Quantity: c.q}, &Stats{})
			if diff := cmp.Diff(c.want, table.Notes); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestUnitsApart: values of two units never meet in one row or spectrum.
func TestUnitsApart(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(1000)
	k := recordingtest.Analog("A")
	k.Global.Unit, k.Global.Sensor, k.Global.Scale = "K", &recording.Sensor{Scale: 10}, 0.01
	l.Reconfigure(recordingtest.Device(k))
	l.Add(1000)
	r := l.Open()
	stats := run(t, r, Selection{}, &Stats{})
	var got []any
	for row := range stats.Rows {
		got = append(got, stats.Columns[0].Texts[row], stats.Columns[1].Texts[row], math.Round(stats.Columns[5].Values[row]*1e6)/1e6)
	}
	if diff := cmp.Diff([]any{"cell.A.1", "V", 0.999, "cell.A.2", "K", 19.99}, got); diff != "" {
		t.Errorf("stats (-want +got)\n%s", diff)
	}
	psd := run(t, r, Selection{}, &PSD{})
	got = nil
	for _, c := range psd.Columns[1:] {
		got = append(got, c.Name, c.Unit)
	}
	if diff := cmp.Diff([]any{"cell.A.1", "V²/Hz", "cell.A.2", "K²/Hz"}, got); diff != "" {
		t.Errorf("psd (-want +got)\n%s", diff)
	}
}
