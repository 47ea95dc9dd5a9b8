package analyze

import (
	"bytes"
	"encoding/json"
	"math"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/analysis/correlate"
	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/peaks"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// scipyAnswers computes what the operations do, from the files of the recording alone.
const scipyAnswers = `
import json, sys
import numpy as np
from scipy import signal
def values(name):
    meta = json.load(open(sys.argv[1] + "/" + name + ".sigmf-meta"))["global"]
    counts = np.memmap(sys.argv[1] + "/" + name + ".sigmf-data", dtype="<i2", mode="r")
    return counts * meta["daq:scale"] + meta.get("daq:offset", 0.0)
a, b = values("cell.A"), values("cell.B")
sos = signal.butter(4, 30, fs=1000, output="sos")
fir = signal.firwin(101, [10, 40], pass_zero=False, fs=1000)
r = signal.correlate(b - b.mean(), a - a.mean(), "full", "fft") / np.sqrt(np.sum((a - a.mean())**2) * np.sum((b - b.mean())**2))
peaks = signal.find_peaks(a, height=0.5, distance=30, prominence=0.3)
json.dump({
    "causal": signal.sosfilt(sos, a, zi=signal.sosfilt_zi(sos) * a[0])[0].tolist(),
    "zero phase": signal.sosfiltfilt(sos, a).tolist(),
    "FIR": signal.filtfilt(fir, 1, a).tolist(),
    "resample": signal.resample_poly(a, 3, 7).tolist(),
    "psd": signal.welch(a, 1000, "hann", 1024)[1].tolist(),
    "frequency": signal.welch(a, 1000, "hann", 1024)[0].tolist(),
    "xcorr": r[len(a) - 1 - 40:len(a) - 1 + 41].tolist(),
    "index": peaks[0].tolist(),
    "height": peaks[1]["peak_heights"].tolist(),
    "prominence": peaks[1]["prominences"].tolist(),
}, sys.stdout)
`

// TestSciPy compares with SciPy on the memory-mapped files of a recording, where it is installed.
func TestSciPy(t *testing.T) {
	t.Parallel()
	const python = "/usr/bin/python3"
	if out, err := exec.Command(python, "-c", "import scipy").CombinedOutput(); err != nil {
		t.Skipf("SciPy cannot be imported, so that nothing compares with what is installed here: %v: %s", err, out)
	}
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Signal = wave
	l.Add(30011)
	r := l.Open()
	var problems bytes.Buffer
	script := exec.Command(python, "-c", scipyAnswers, l.Dir())
	script.Stderr = &problems
	out, err := script.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &problems)
	}
	var want map[string][]float64
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	got := map[string][]float64{}
	fir := &filter.FIRDesign{Band: filter.BandPass, Taps: 101, Cutoff: 10, UpperCutoff: 40}
	for name, op := range map[string]func(to string) Operation{
		"causal":     func(to string) Operation { return &Filter{To: to, Design: &lowPass} },
		"zero phase": func(to string) Operation { return &Filter{To: to, Design: &lowPass, ZeroPhase: true} },
		"FIR":        func(to string) Operation { return &Filter{To: to, FIR: fir, ZeroPhase: true} },
		"resample":   func(to string) Operation { return &Resample{To: to, Rate: units.PerSecond(3000, 7)} },
	} {
		got[name] = files(t, run(t, r, onlyA, op(filepath.Join(t.TempDir(), "x.npy"))))[0]
	}
	psd := run(t, r, onlyA, &PSD{Options: spectrum.Options{Segment: 1024}})
	got["psd"], got["frequency"] = column(t, psd, "cell.A"), column(t, psd, "frequency")
	got["xcorr"] = column(t, run(t, r, Selection{}, &XCorr{
		With: "cell.A", MaxLag: units.Seconds(40, 1000), Options: correlate.Options{RemoveMean: true, Norm: correlate.Energy},
	}), "correlation")
	height, prominence := Number(0.5), Number(0.3)
	found := run(t, r, onlyA, &Peaks{Height: Limits{Min: &height}, Distance: units.Seconds(30, 1000), Prominence: Limits{Min: &prominence}, Ties: peaks.NumPyOrder})
	for _, name := range []string{"index", "height", "prominence"} {
		got[name] = column(t, found, name)
	}
	same(t, "indexes of peaks", want["index"], got["index"])
	if len(want) != len(got) {
		t.Errorf("%d answers, want %d", len(got), len(want))
	}
	for name := range want {
		alike(t, name, want[name], got[name])
	}
}

// alike allows for 1e-9 of each value and of the largest one.
func alike(t *testing.T, name string, want, got []float64) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%s: %d values, want %d", name, len(got), len(want))
		return
	}
	var largest float64
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-9*math.Abs(want[i])+1e-9*largest) {
			t.Errorf("%s: value %d is %v, want %v", name, i, got[i], want[i])
			return
		}
	}
}
