package analyze

import (
	"math"
	"testing"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestLines: the rms of a line is that of its sine wherever it lies between two values, in decibels as well, and values in decibels are those of the powers.
func TestLines(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	const between = 100.5 / 1024 // cycles of a sample
	l.Signal = func(_ int, device int64) int64 {
		return int64(math.Round(2000 * math.Sin(2*math.Pi*between*float64(device))))
	}
	l.Add(8192)
	r := l.Open()
	for _, scaling := range []spectrum.Scaling{spectrum.Density, spectrum.Power} {
		options := spectrum.Options{Segment: 1024, Scaling: scaling}
		power := run(t, r, Selection{}, &PSD{Options: options})
		db := run(t, r, Selection{}, &PSD{Options: options, DB: true})
		for _, table := range []*Table{power, db} {
			within(t, "frequency", column(t, table.Brief, "frequency")[0], 1000*between, 0.01)
			within(t, "rms", column(t, table.Brief, "rms")[0], math.Sqrt2, 0.002)
		}
		in, want := column(t, db, "cell.A"), column(t, power, "cell.A")
		for i := range in {
			within(t, "decibels", in[i], 10*math.Log10(want[i]), 1e-9)
		}
		within(t, "the value of the line", column(t, db.Brief, "value")[0], 10*math.Log10(column(t, power.Brief, "value")[0]), 1e-9)
		want2 := map[spectrum.Scaling]string{spectrum.Density: "dB re 1 V²/Hz", spectrum.Power: "dBV"}[scaling]
		same(t, "unit", want2, db.Columns[1].Unit)
	}
	// A line that cannot be told from 0 Hz is told without its rms.
	low := run(t, r, Selection{}, &PSD{Options: spectrum.Options{Segment: 20, Window: spectrum.Window{Shape: spectrum.FlatTop}}})
	if rms := column(t, low.Brief, "rms"); len(rms) == 0 || !math.IsNaN(rms[0]) {
		t.Errorf("rms %v", rms)
	}
}
