// Package stats has the statistics of sampled signals that are too long to be held: moments with the places of the extremes
// ([Summary]), histograms with given edges ([Histogram]), with a range that grows with the signal ([Adaptive]) and of converter
// counts ([Codes]), and percentiles from these. All of them take a stream in pieces of any size with constant memory, give the
// same result however it is cut, and can be merged in order, so that several workers may share one signal.
//
// NaN is never part of a result; it is counted. One goroutine uses a value at a time.
//
// Not in here: what has to do with time, such as edges and periods (analysis/measure), and the reading of samples.
package stats
