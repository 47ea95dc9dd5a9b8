// Package resample changes the rate of evenly spaced samples by an exact fraction up/down: a polyphase filter that is computed only
// where an output stands, for whole slices ([Poly]) and for streams in constant memory ([Resampler]).
//
// Output k stands at the time of input k*down/up; the filter is centred and adds no delay to the samples, only to when a stream
// yields them. With n the taps h and m = (len(h)-1)/2 (rounded down),
//
//	y[k] = up * sum over i of x[i] * h[k*down + m - i*up]        for k = 0 .. ceil(len(x)*up/down)-1
//
// and x is 0 before its first and behind its last sample. This is scipy.signal.resample_poly(x, up, down, window, padtype="constant")
// for x of float64: where x is an integer array, SciPy 1.10 rounds its own filter to integers too, all zeros, so convert x first. A
// NaN or infinity makes every output NaN or infinite whose filter reaches it. (SciPy fills its filter up with zeros, and may spoil one more on
// either side, or one less.)
//
// Not in here: filters that keep the rate (analysis/filter), rates as text (units).
package resample
