package analyze

import (
	"compress/gzip"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// played is a recorded signal of this repository, which is recorded again; SOURCES.txt and LICENCES.txt beside its file say where it comes from.
type played struct {
	name     string
	scale    float64 // of a count
	unit     string
	interval recording.Fraction
	cut      int // samples that are played at most; 0: all
	waveform int64
}

// record makes a recording of a signal.
func (p played) record(t *testing.T) *recording.Recording {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "internal", "rigtest", "testdata", "waveforms", p.name+".i16.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	n := len(raw) / 2
	if p.cut > 0 {
		n = p.cut
	}
	stream := recordingtest.Analog("A")
	stream.Global.Scale, stream.Global.Unit, stream.Global.VoltsPerCount = p.scale, p.unit, nil
	stream.Global.WaveformSamples = p.waveform
	info := recordingtest.Device(stream)
	info.RawInterval = p.interval
	if p.waveform > 0 {
		info.Mode = recording.ModeRapidBlock
	}
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, i int64) int64 { return int64(int16(binary.LittleEndian.Uint16(raw[2*i:]))) }
	if p.waveform == 0 {
		l.Add(int64(n))
		return l.Open()
	}
	for k := range int64(n) / p.waveform {
		l.Wave(k, p.waveform, 200, 0)
	}
	return l.Open()
}

// TestCarrier: the field of a reader of cards has 13.560 MHz.
func TestCarrier(t *testing.T) {
	t.Parallel()
	r := played{name: "nfc_15693.coil", scale: 0.0877072627727802, unit: "V", interval: recording.Fraction{Num: 1, Den: 250_000_000}, cut: 600_000}.record(t)
	sel := Selection{From: at("300000"), Until: at("600000")}
	psd := run(t, r, sel, &PSD{Options: spectrum.Options{Segment: 65536}})
	within(t, "strongest line", column(t, psd.Brief, "frequency")[0], 13.56e6, 1e3)
	m := run(t, r, sel, &Measure{})
	within(t, "frequency", rowOf(t, m, "frequency"), 13.56e6, 5e3)
	// The pauses of a request: no crossing for 5 us.
	pauses := run(t, r, Selection{}, &Events{Find: "dropout", Level: Value{0, "V", "0V"}, Hysteresis: Number(4), Longer: units.Seconds(5, 1_000_000)})
	same(t, "pauses", 23, pauses.Rows)
	within(t, "first pause", column(t, pauses, "time")[0], 0.099e-3, 0.001e-3)
}

// rowOf returns the mean of a quantity.
func rowOf(t *testing.T, table *Table, quantity string) float64 {
	t.Helper()
	i := slices.Index(table.Columns[1].Texts, quantity)
	if i < 0 {
		t.Fatalf("no %s in %v", quantity, table.Columns[1].Texts)
	}
	return table.Columns[4].Values[i]
}

// TestHeartbeats: a band-pass, the energy in 100 ms and its peaks count the beats of half an hour as cardiologists did.
func TestHeartbeats(t *testing.T) {
	t.Parallel()
	interval := recording.Fraction{Num: 1, Den: 360}
	r := played{name: "ecg_100.MLII", scale: 0.005, unit: "mV", interval: interval}.record(t)
	s := run(t, r, Selection{}, &Stats{})
	same(t, "extremes in mV", []float64{-2.715, 1.435}, []float64{round(column(t, s, "min")[0]), round(column(t, s, "max")[0])})
	within(t, "std", column(t, s, "std")[0], 0.1932, 0.0001)
	within(t, "sample of the ventricular beat", column(t, s, "min at")[0]*360, 546792, 30)
	table := run(t, r, Selection{}, &Filter{To: into(t), Design: &filter.Design{Band: filter.BandPass, Order: 2, Cutoff: 5, UpperCutoff: 15}, ZeroPhase: true})
	band := files(t, table)[0]
	const window = 36 // samples, 100 ms
	energy := make([]int64, len(band))
	var sum float64
	for i, v := range band {
		sum += v * v
		if i >= window {
			sum -= band[i-window] * band[i-window]
		}
		energy[max(0, i-window/2)] = int64(math.Round(sum / window * 1e5))
	}
	volts := recordingtest.Analog("E")
	volts.Global.Scale, volts.Global.Unit, volts.Global.VoltsPerCount = 1e-5, "mV²", nil
	info := recordingtest.Device(volts)
	info.RawInterval = interval
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, i int64) int64 { return min(energy[i], math.MaxInt16) }
	l.Add(int64(len(energy)))
	high := Number(0.005)
	beats := run(t, l.Open(), Selection{}, &Peaks{Height: Limits{Min: &high}, Distance: units.Seconds(3, 10)})
	if beats.Rows < 2273 || beats.Rows > 2274 {
		t.Errorf("%d beats, want 2273 or 2274", beats.Rows)
	}
	at := column(t, beats, "time")
	within(t, "rate", 60*float64(beats.Rows-1)/(at[beats.Rows-1]-at[0]), 75.51, 0.05)
}

// round takes off what a scale of 0.005 leaves behind the third digit.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// TestPowerSwing: two grids out of step have 49.80 and 50.66 Hz.
func TestPowerSwing(t *testing.T) {
	t.Parallel()
	r := played{name: "power_swing_110kv.Ua", scale: 61.60031, unit: "V", interval: recording.Fraction{Num: 1, Den: 1200}}.record(t)
	table := run(t, r, Selection{From: at("10000")}, &PSD{Options: spectrum.Options{Segment: 9680, FFT: 1 << 16}})
	lines := column(t, table.Brief, "frequency")[:2]
	slices.Sort(lines)
	within(t, "lower line", lines[0], 49.80, 0.03)
	within(t, "upper line", lines[1], 50.66, 0.03)
}

// TestBreaker: the only event of six seconds is the one of 5 ms.
func TestBreaker(t *testing.T) {
	t.Parallel()
	r := played{name: "breaker_opening.IN", scale: 0.02, unit: "A", interval: recording.Fraction{Num: 1, Den: 1200}}.record(t)
	table := run(t, r, Selection{}, &Events{Find: "window", Direction: events.DirectionOutside, Lower: Value{-50, "A", "-50A"}, Upper: Value{50, "A", "50A"}})
	same(t, "events", []float64{1174}, column(t, table, "index"))
	within(t, "its length", column(t, table, "length")[0], 0.005, 1e-12)
	within(t, "its extreme", math.Abs(column(t, table, "extreme")[0]), 319.7, 0.1)
}

// TestMuons: what crosses a level in 150 waveforms, each looked at by itself.
func TestMuons(t *testing.T) {
	t.Parallel()
	const scale = 0.2 / 32512
	for _, c := range []struct {
		name   string
		offset float64 // V, which is not in the counts
		at     []float64
		want   []int
	}{
		{"muon_panels.A", -0.14, []float64{0.05, 0.1, 0.2}, []int{230, 190, 64}},
		{"muon_panels.B", -0.16, []float64{0.05, 0.1, 0.2}, []int{288, 224, 88}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := played{name: c.name, scale: scale, unit: "V", interval: recording.Fraction{Num: 1, Den: 250_000_000}, waveform: 4000}.record(t)
			for i, level := range c.at {
				table := run(t, r, Selection{}, &Events{Find: "level", Direction: events.DirectionFalling, Level: Number(-level - c.offset), Hysteresis: Number(level / 2)})
				within(t, "crossings", float64(table.Rows), float64(c.want[i]), 0)
			}
			mean := run(t, r, Selection{}, &Average{})
			same(t, "samples", 4000, mean.Rows)
			within(t, "trigger", column(t, mean, "time")[200], 0, 1e-15)
		})
	}
}
