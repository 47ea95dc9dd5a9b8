package analyze

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// TestChangedRate: a stream whose rate changed has two parts, with a file and a row each.
func TestChangedRate(t *testing.T) {
	t.Parallel()
	info := recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"))
	l := recordingtest.New(t, info)
	l.Signal = wave
	l.Add(1000)
	info.RawInterval = recording.Fraction{Num: 1, Den: 500}
	l.Reconfigure(info)
	l.Add(600)
	r := l.Open()
	to := into(t)
	table := run(t, r, onlyA, &Resample{To: to, Up: 1, Down: 2})
	same(t, "files", []string{"x.cell.A.1.npy", "x.cell.A.2.npy"}, entries(t, filepath.Dir(to)))
	same(t, "values", []float64{500, 300}, column(t, table, "values"))
	same(t, "rates", []float64{500, 250}, column(t, table, "rate"))
	if notes := strings.Join(table.Notes, "\n"); !strings.Contains(notes, "cell.A.2: part 2 of cell.A, from sample") {
		t.Errorf("notes %s", notes)
	}
	s := run(t, r, onlyA, &Stats{})
	same(t, "samples", []float64{1000, 600}, column(t, s, "samples"))
	for _, op := range []Operation{
		&Stats{}, &Measure{}, &Events{Find: "level", Level: Number(0)}, &Peaks{Height: Limits{Min: &Value{number: 0.5}}}, &Histogram{Bins: 10}, &Resample{Up: 1, Down: 2},
	} {
		names := run(t, r, onlyA, op).Columns[0].Texts
		same(t, op.Name(), []string{"cell.A.1", "cell.A.2"}, slices.Compact(slices.Clone(names)))
	}
	for _, c := range []struct {
		op  Operation
		sel Selection
	}{{&PSD{Options: spectrum.Options{Segment: 128}}, onlyA}, {&XCorr{With: "cell.B", MaxLag: units.Seconds(1, 10)}, Selection{}}, {&Measure{With: "cell.B"}, Selection{}}} {
		if _, err := Run(t.Context(), r, c.sel, c.op); !isA[*OptionError](err) || !strings.Contains(err.Error(), "--from and --until") {
			t.Errorf("%s: %v", c.op.Name(), err)
		}
	}
}

// TestFollowChangedRate: what comes under other settings while a run is followed is a part of its own.
func TestFollowChangedRate(t *testing.T) {
	t.Parallel()
	info := recordingtest.Device(recordingtest.Analog("A"))
	l := recordingtest.New(t, info)
	l.Signal = wave
	l.Add(1000)
	l.Sync()
	to, looks := into(t), 0
	table, err := Follow(t.Context(), l.Dir(), recording.OpenOptions{}, onlyA, &Resample{To: to, Up: 1, Down: 2}, Following{Every: 1, Patience: time.Hour, Tell: func(*Table) error {
		if looks++; looks > 1 {
			return nil
		}
		info.RawInterval = recording.Fraction{Num: 1, Den: 500}
		l.Reconfigure(info)
		l.Add(600)
		l.Seal()
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "values", []float64{500, 300}, column(t, table, "values"))
	same(t, "names", []string{"cell.A", "cell.A.2"}, table.Columns[0].Texts)
	same(t, "files", []string{"x.cell.A.2.npy", "x.npy"}, entries(t, filepath.Dir(to)))
}

// TestBlocks: waveforms are looked at one by one, with times from their triggers; one that lacks is left out.
func TestBlocks(t *testing.T) {
	t.Parallel()
	a, b := recordingtest.Analog("A"), recordingtest.Analog("B")
	a.Global.WaveformSamples, b.Global.WaveformSamples = 200, 200
	info := recordingtest.Device(a, b)
	info.Mode = recording.ModeRapidBlock
	info.CutSamples = 450
	l := recordingtest.New(t, info)
	l.Signal = wave
	for k := range int64(7) {
		l.Wave(k, 200, 50, 250_000_000_000) // the trigger lies a quarter of a sample behind
	}
	r := l.Open()
	some := Selection{Streams: onlyA.Streams, From: at("2"), Until: at("5")}
	to := into(t)
	table := run(t, r, some, &Filter{To: to, Design: &lowPass, ZeroPhase: true})
	got, shape := floats(t, to)
	same(t, "shape", "(3, 200)", shape)
	same(t, "values", []float64{600}, column(t, table, "values"))
	sos := lowPassSOS(t)
	for k := range 3 {
		want, err := sos.FiltFilt(nil, stretchesOf(0, [2]int64{int64(400 + 200*k), int64(600 + 200*k)})[0].x)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "a waveform", want, got[200*k:200*(k+1)])
	}
	mean := run(t, r, some, &Average{})
	within(t, "first time", column(t, mean, "time")[0], -0.05, 1e-12)
	for i := range 200 {
		want := (float64(wave(0, int64(400+i))) + float64(wave(0, int64(600+i))) + float64(wave(0, int64(800+i)))) / 3000
		within(t, "mean", column(t, mean, "cell.A")[i], want, 1e-12)
	}
	s := run(t, r, Selection{Streams: onlyA.Streams, From: at("3"), Until: at("4")}, &Stats{})
	lo, place := math.Inf(1), 0
	for i := range 200 {
		if v := float64(wave(0, int64(600+i))) * 0.001; v < lo {
			lo, place = v, i
		}
	}
	same(t, "smallest", lo, column(t, s, "min")[0])
	within(t, "its time", column(t, s, "min at")[0], float64(place-50)*0.001-0.00025, 1e-12)
	e := run(t, r, some, &Events{Find: "level", Level: Number(0.5), HoldOff: units.Seconds(10, 1)}) // longer than all: four in each waveform
	same(t, "indexes of the first event of each waveform", 3, e.Rows)
	if notes := strings.Join(e.Notes, "\n"); !strings.Contains(notes, "9 events within the hold-off") {
		t.Errorf("notes %s", notes)
	}
	p := run(t, r, some, &Histogram{Of: OfPeakToPeak, Bins: 4})
	var n float64
	for _, c := range column(t, p, "count") {
		n += c
	}
	same(t, "waveforms", 3.0, n)
	pair := run(t, r, Selection{}, &Measure{With: "cell.B"})
	within(t, "phase", rowOf(t, pair, "phase"), 360*7.0/50, 1)
	if _, err := Run(t.Context(), r, Selection{From: at("9")}, &Stats{}); !isEmpty(err) {
		t.Errorf("behind all waveforms: %v", err)
	}
}
