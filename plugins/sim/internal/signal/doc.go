// Package signal makes the signals of simulated inputs: each is a function of the sample index and of nothing else, so that
// any window of a stream can be computed again. It holds the generators (proof, sine, square, triangle, ramp, pulse trains,
// noise, replay, digital patterns), the quantiser that turns volts into the codes of a scope, and the reduction of groups of
// samples to one. It knows nothing of time, files, plans or devices.
package signal
