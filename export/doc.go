// Package export writes the samples of a recording in formats that other programs read: arrays (NumPy, raw float32, MATLAB, HDF5), tables (CSV,
// Parquet), sounds (WAV) and sessions of logic analysers (VCD, sigrok).
//
// Run chooses streams and a stretch of them, settles what happens at gaps and where a file of the format is full, and gives one writer per file rows of
// values in order; a format is one file of this package that implements encoder. While samples are read and converted, those before them are
// written. Memory does not grow with the recording, but for what the end of a .parquet or .sr file tells of its parts, which has a limit in .parquet files.
// What a format cannot hold is refused before anything is written. Files appear under their names when they are complete, and nothing that exists
// is replaced. The recording is only read, and may still be recorded.
//
// Not in here: conversion of samples (convert), reading them (series), files that appear when they are complete (outfile), the command's flags and words
// (cmd/logger).
package export
