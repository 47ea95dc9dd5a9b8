// Package analyze computes on recordings what package analysis computes on slices: it chooses streams and a stretch of them, feeds the values of each in
// order, never over a gap, several streams at the same time, and makes tables and files of what comes out.
//
// An operation is one file of this package. Memory does not grow with the recording, but for the rows of a table, which are limited. The recording
// is only read, and may still be recorded: with Follow an operation goes on with what comes, until the run is sealed.
//
// Not in here: mathematics (analysis), reading and conversion of samples (series), pictures (plot), the command's flags and words (cmd/logger).
package analyze
