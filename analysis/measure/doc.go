// Package measure makes the automatic measurements of an oscilloscope, in the terms of IEEE 181: base and top, overshoot, rise and
// fall time, period, pulse widths, duty cycle ([Meter]), delay and phase between two channels ([Delay], [Transfer]), the average of
// waveforms ([Average]) and enhanced resolution ([ERes]).
//
// A long signal is measured in two passes with constant memory: one through a histogram of package stats, from which [LevelsOf] finds
// base and top, and one through a Meter, which can show each single interval to a callback so that histograms of any quantity can
// be made. [Of] does both with one waveform. Times are in seconds, and sample instants are linearly interpolated.
//
// Not in here: searching for what is rare (analysis/events), spectra (analysis/spectrum), and the reading of samples.
package measure
