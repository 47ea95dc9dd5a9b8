package analyze

import (
	"slices"
	"strconv"
	"testing"

	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// heart is half an hour of an electrocardiogram.
var heart = played{name: "ecg_100.MLII", scale: 0.005, unit: "mV", interval: recording.Fraction{Num: 1, Den: 360}}

// cardiologists returns the places of the beats that cardiologists marked, and what they said of each.
func cardiologists(t *testing.T) (places []float64, kinds map[string]int) {
	t.Helper()
	kinds = map[string]int{}
	for _, line := range said(t, "ecg_100.beats") {
		at, err := strconv.ParseFloat(line[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, at)
		kinds[line[1]]++
	}
	return places, kinds
}

// marked counts the places that lie within 100 ms of a mark.
func marked(places, marks []float64) (n int) {
	for _, at := range places {
		k, _ := slices.BinarySearch(marks, at)
		if k < len(marks) && marks[k]-at <= 36 || k > 0 && at-marks[k-1] <= 36 {
			n++
		}
	}
	return n
}

// perMinute is the mean rate of beats of 360 samples a second.
func perMinute(places []float64) float64 {
	n := len(places)
	return 60 * 360 * float64(n-1) / (places[n-1] - places[0])
}

// TestBeats: peaks of the signal as it is, and of what a band-pass leaves of it, are the beats that cardiologists marked.
func TestBeats(t *testing.T) {
	t.Parallel()
	beats, kinds := cardiologists(t)
	same(t, "marks", map[string]int{"N": 2239, "A": 33, "V": 1}, kinds)
	within(t, "rate of the marks", perMinute(beats), 75.51, 0.005)
	r := heart.record(t)
	prominent := Number(0.3 - 1e-9) // 60 counts, some peaks have just these
	direct := run(t, r, Selection{}, &Peaks{Prominence: Limits{Min: &prominent}, Distance: units.Seconds(150, 360)})
	same(t, "peaks", 2273, direct.Rows)
	within(t, "rate", perMinute(column(t, direct, "index")), 75.51, 0.005)
	hasNote(t, direct, "from one to the next 0.794594 s in the mean, 75.5103 per minute")
	same(t, "peaks near a mark", 2272, marked(column(t, direct, "index"), beats)) // not that of the one ventricular beat

	filtered := run(t, r, Selection{}, &Filter{To: into(t), Design: &filter.Design{Band: filter.BandPass, Order: 2, Cutoff: 5, UpperCutoff: 15}, ZeroPhase: true})
	band := again(t, files(t, filtered)[0], "mV", heart.interval)
	for _, c := range []struct {
		height float64
		want   int
	}{{0.15, 2274}, {0.27, 2273}} {
		high := Number(c.height)
		table := run(t, band, Selection{}, &Peaks{Height: Limits{Min: &high}, Distance: units.Seconds(3, 10)})
		same(t, "peaks of the band", c.want, table.Rows)
		same(t, "of these near a mark", 2273, marked(column(t, table, "index"), beats))
		within(t, "rate", perMinute(column(t, table, "index")), 75.51, 0.04)
	}
}

// TestHeart: extremes and rms of half an hour of an electrocardiogram.
func TestHeart(t *testing.T) {
	t.Parallel()
	s := run(t, heart.record(t), Selection{}, &Stats{})
	within(t, "least", column(t, s, "min")[0], -2.715, 1e-9)
	within(t, "most", column(t, s, "max")[0], 1.435, 1e-9)
	within(t, "std", column(t, s, "std")[0], 0.1932, 0.0001)
	within(t, "sample of the ventricular beat", column(t, s, "min at")[0]*360, 546792, 1e-3)
}

// TestMains: the mains are a line of 60.0 Hz in an electrocardiogram, 60 times what is beside it.
func TestMains(t *testing.T) {
	t.Parallel()
	r := heart.record(t)
	psd := run(t, r, Selection{}, &PSD{Options: spectrum.Options{Segment: 3600}})
	frequency, power := column(t, psd, "frequency"), column(t, psd, "cell.A")
	low, _ := slices.BinarySearch(frequency, 55)
	high, _ := slices.BinarySearch(frequency, 65)
	band := slices.Clone(power[low:high])
	top := slices.Max(band)
	within(t, "line", frequency[low+slices.Index(band, top)], 60, 0.05)
	slices.Sort(band)
	within(t, "line over its surroundings", top/band[len(band)/2], 60, 10)
}
