// Package correlate computes the cross-correlation of two sampled signals and where its peak is: of slices, or of signals of any length up
// to a greatest lag, in constant memory.
//
// Numbers and signs are those of scipy.signal.correlate(u, v, "full", "fft") and scipy.signal.correlation_lags: where u is v, later by d
// samples, the peak is at lag d. Pairs of samples with a gap between them are left out. All cores are used; how many there are, and
// how the signals were cut into chunks, does not change a bit of a result.
//
// Not in here: reading recordings, and the clocks by which two devices are brought to one time scale (core/clock).
package correlate
