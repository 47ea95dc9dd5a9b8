package measure

import (
	"compress/gzip"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/analysis/stats"
)

// recorded reads a recorded waveform of this repository; SOURCES.txt and LICENCES.txt beside it say where it comes from.
func recorded(t *testing.T, name string, scale, offset float64) []float64 {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "internal", "rigtest", "testdata", "waveforms", name+".i16.gz"))
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
	x := make([]float64, len(raw)/2)
	for i := range x {
		x[i] = float64(int16(binary.LittleEndian.Uint16(raw[2*i:])))*scale + offset
	}
	return x
}

// within compares with a known answer.
func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, want %v within %v", what, got, want, tolerance)
	}
}

// TestGridVoltage measures a voltage of 59.997 Hz with 130.6 kV rms, of 20 samples a cycle.
func TestGridVoltage(t *testing.T) {
	t.Parallel()
	r, err := Of(recorded(t, "breaker_opening.VR", 10, 0), 1.0/1200, Options{})
	if err != nil {
		t.Fatal(err)
	}
	rms := r.Of(CycleRMS)
	within(t, "frequency", r.Frequency(), 59.997, 0.002)
	within(t, "cycle rms", rms.Mean(), 130.6e3, 0.15e3)
	within(t, "rms", r.Signal.RMS(), 130.6e3, 0.1e3)
	duty := r.Of(DutyCycle)
	within(t, "duty cycle", duty.Mean(), 50, 0.5)
}

// TestCarrier measures a carrier of 13.560 MHz, 18 samples a cycle, between a reader's request and the tag's answer.
func TestCarrier(t *testing.T) {
	t.Parallel()
	x := recorded(t, "nfc_15693.coil", 0.0877072627727802, 0)[430000:520000]
	r, err := Of(x, 4e-9, Options{})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "frequency in MHz", r.Frequency()/1e6, 13.560, 0.001)
	if n := r.Rising; n < 4881 || n > 4882 {
		t.Errorf("%d edges", n)
	}
}

// TestBattery measures pulses of 30 A, at samples a second apart: 30 s long, 4760 s from one to the next.
func TestBattery(t *testing.T) {
	t.Parallel()
	x := recorded(t, "battery_hppc.I", 0.01, 0)
	var widths []float64
	var periods []float64
	m, err := NewMeter(Levels{Base: -30, Top: -20}, 1, Options{Observe: func(o Observation) {
		switch {
		case o.Quantity == NegativeWidth:
			widths = append(widths, o.Value)
		case o.Quantity == Period:
			periods = append(periods, o.Value)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	m.Add(x)
	if len(widths) != 9 && len(widths) != 10 || len(periods) != len(widths)-1 {
		t.Fatalf("pulses %v, periods %v", widths, periods)
	}
	for _, w := range widths {
		within(t, "pulse", w, 30, 1)
	}
	for _, p := range periods {
		within(t, "period", p, 4760, 1.5)
	}
}

// TestMuons measures waveforms of a rapid block one by one, and makes a histogram of them.
func TestMuons(t *testing.T) {
	t.Parallel()
	const block = 4000
	x := recorded(t, "muon_panels.A", 6.151574803149607e-06, -0.14)
	heights, err := stats.NewHistogram(40, 0, 0.4)
	if err != nil {
		t.Fatal(err)
	}
	average, err := NewAverage(block)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(x); at += block {
		r, err := Of(x[at:at+block], 4e-9, Options{})
		if err != nil {
			t.Fatal(err)
		}
		heights.Add([]float64{r.Levels.PeakToPeak()})
		average.Add(x[at:at+block], 0)
		within(t, "the quiet level", r.Levels.Top, 0, 0.003)
	}
	if n := heights.N(); n != 150 {
		t.Errorf("%d waveforms, want 150", n)
	}
	// Before the trigger at sample 200 there is nothing but 0.44 mV of noise.
	mean := average.Mean(nil)
	if before, at := mean[100], mean[203]; math.Abs(before) > 0.5e-3 || at > -0.05 {
		t.Errorf("average of %v V before the trigger and %v V behind", before, at)
	}
}
