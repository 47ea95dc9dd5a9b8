// Package filter designs digital filters and runs them over samples: IIR filters as second-order sections (Butterworth, Chebyshev I and II,
// Bessel), linear-phase FIR filters by window, causal or with zero phase, over whole slices or over streams of any length in constant memory.
//
// [Design] and [FIRDesign] say what is wanted and give coefficients, [SOS] and [FIR]. [Filter] is the causal IIR filter, [Convolver] the
// causal FIR filter; [ZeroPhase] and [FIRZeroPhase] filter a stretch forwards and backwards. Semantics and results are those of scipy.signal:
// butter, cheby1, cheby2, bessel, firwin, sosfilt, sosfilt_zi, sosfiltfilt and filtfilt.
//
// Frequencies are in Hz, rates in samples per second; samples are in any unit and stay in it. A value of one of the streaming types serves one
// goroutine at a time.
//
// Not in here: changing the rate (decimation, resampling), spectra of signals, reading samples from recordings.
package filter
