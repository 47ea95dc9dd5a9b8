// Package judge compares a recording with what the devices really did, and lists what is wrong. It reads the files of a recording by
// their description in docs/format/recording.md and finds the place of each stretch of samples in the proof signal itself, so that it does
// not rest on the code that recorded. What is wrong with checksums and with single samples the command verify tells beside.
package judge
