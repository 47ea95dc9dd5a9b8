// Package fft computes discrete Fourier transforms of complex slices of any length, in place, and leaves the coefficients in the order in
// which they come out, which is all that sums of powers and products of spectra need.
//
// The transform of x is X[k] = sum over n of x[n] exp(-2 pi i n k / N), as scipy.fft.fft; the inverse is not divided by N. Powers of two come
// out in bit-reversed order: X[k] is at the index that has the bits of k in reverse, see [Radix4.Index]. The inverse takes that order, so that
// nothing is ever moved to its place.
//
// Not in here: windows and averages of spectra (analysis/spectrum), convolutions and correlations (analysis/correlate).
package fft
