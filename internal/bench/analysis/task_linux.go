package main

import (
	"slices"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// task is something that the program does with a recording.
type task struct {
	name   string
	args   []string // of logger; RUN stands for the recording, OUT for a file that does not exist yet
	ending string   // of that file
	self   string   // flag of this program, which does the task instead; empty: logger does it
	within bool     // the program itself says how long it took, see [within]; else all of the process counts
	reads  int64    // streams that it reads
	most   int64    // samples of each that it reads at the most; 0: all

	rival  string          // operation of scipy_baseline.py, or exportNpy, with the same meaning; empty: none
	target *measure.Target // for the wall time over that of the rival; nil: none

	// long are the arguments on the longer recording and, for comparison, on the first one; nil: the memory of the task is not looked at.
	long []string
}

// peakFlags are those of scipy_baseline.py.
var peakFlags = []string{"--height", "8000", "--distance", "500us", "--prominence", "4000", "--counts"}

// analysis is a task of analyze with one stream; the whole recording is the task on the longer one as well.
func analysis(name, op, rival string, most float64, flags ...string) task {
	args := append([]string{"analyze", "RUN", op, "--stream", first}, flags...)
	t := task{name: name, args: args, rival: rival, long: args, reads: 1}
	if most > 0 {
		t.target = atMost(most)
	}
	return t
}

// ofBoth says that a task reads both streams.
func ofBoth(t task) task {
	t.reads = 2
	return t
}

// withFewRows lets the task keep few rows of its table where its memory is looked at: they are as many as the peaks, up to a limit.
func withFewRows(t task) task {
	t.long = slices.Concat(t.args, []string{"--max-rows", "1000"})
	return t
}

func atMost(x float64) *measure.Target {
	t := measure.AtMost(x)
	return &t
}

// tasks lists all, in the order of the report. withPlot: the program has the command.
func tasks(withPlot bool) []task {
	lag := []string{"--with", second, "--norm", "raw", "--remove-mean=false", "--max-lag"}
	all := append([]string{"analyze", "RUN", "xcorr", "--stream", first, "--until", "4194304"}, append(lag, "4194303us")...)
	list := []task{
		analysis("filter, Butterworth 4, zero phase", "filter", "sosfiltfilt", 1, "--low", "10kHz", "--order", "4", "--zero-phase", "--counts"),
		analysis("psd, 65536, Hann", "psd", "welch", 0.6, "--segment", "65536", "--counts"),
		withFewRows(analysis("peaks", "peaks", "find_peaks", 0.5, peakFlags...)),
		analysis("resample 1/100", "resample", "resample_poly", 0.8, "--down", "100", "--counts"),
		{name: "xcorr of 2^22, all lags", args: all, reads: 2, most: 1 << 22, rival: "correlate", target: atMost(1.5)},
		ofBoth(analysis("xcorr, lags to 50 ms", "xcorr", "", 0, append(lag, "50ms")...)),
		analysis("stats", "stats", "", 0),
		{name: "volts x 2, in memory", self: "-volts", reads: 2, rival: "to_mv_f64", target: atMost(1.5)},
		{
			name: "export to .npy, volts x 2", args: []string{"export", "RUN", "--to", "OUT", "--volts"}, ending: ".npy", reads: 2, rival: exportNpy, target: atMost(1.5),
			long: []string{"export", "RUN", "--to", "OUT", "--volts", "--float32", "--stream", first},
		},
		{
			name: "envelope, 2000 columns x 2", self: "-envelope", within: true, reads: 2, rival: "envelope_2000px", target: atMost(0.05),
			long: []string{"RUN"},
		},
	}
	if withPlot {
		args := []string{"plot", "RUN", "--to", "OUT", "--size", "2000x700"}
		list = append(list, task{name: "plot, 2000 columns x 2", args: args, ending: ".png", reads: 2, long: args})
	}
	return list
}

// samples is how many samples of all streams a task reads of a recording of so many.
func (t *task) samples(n int64) int64 {
	if t.most > 0 {
		n = min(n, t.most)
	}
	return t.reads * n
}
