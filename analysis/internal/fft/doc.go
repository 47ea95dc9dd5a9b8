// Package fft computes discrete Fourier transforms of complex slices: in place and in bit-reversed order for powers of two, which is
// what spectra and correlations need, and in the usual order for any other length.
//
// The transform of x is X[k] = sum over n of x[n] exp(-2 pi i n k / N), as scipy.fft.fft; the inverse is not divided by N. A transform
// in bit-reversed order has X[k] at the index that has the bits of k in reverse, see [Radix4.Index]: powers can be summed and spectra
// be multiplied in that order, and the inverse takes it, so that nothing is ever moved to its place.
//
// Not in here: windows and averages of spectra (analysis/spectrum), convolutions and correlations (analysis/correlate).
package fft
