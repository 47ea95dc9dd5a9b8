// Package peaks finds peaks in evenly spaced samples by height, sharpness, distance, prominence and width, with the indices and
// properties of scipy.signal.find_peaks: in a slice ([Find]), and in streams of any length ([Finder]).
//
// A peak is a sample, or a plateau of equal samples, with a smaller one directly on each side; the first and the last sample of a
// stretch are none. Its index is the middle of the plateau, rounded down. The conditions apply in SciPy's order: plateau, height,
// threshold, distance, prominence, width. A NaN never compares: no peak touches one, and the search for the bases of a peak ends there.
// The distance does reach over a NaN.
//
// Where two peaks of equal height are nearer than the distance, SciPy keeps the one that numpy.argsort puts last. That sort is not
// stable, so the choice depends on all other peaks of the record, and on NumPy's version and the processor. [Later], the default,
// keeps the later peak, which is what SciPy does for up to 16 peaks and with a stable sort; [NumPyOrder] repeats the sort of NumPy
// up to 1.24 and has to know all peaks of a stretch before it can yield the first.
//
// Not in here: levels, edges and pulses (analysis/events), smoothing (analysis/filter).
package peaks
