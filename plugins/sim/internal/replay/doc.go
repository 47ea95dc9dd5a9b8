// Package replay reads recorded waveforms from files: WAV, flat samples of one number type, and waveforms described by a
// JSON file beside flat samples. It gives out values and their rate; playing them is not here.
package replay
