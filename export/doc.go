// Package export writes the samples of a recording in formats that other programs read: arrays (NumPy, raw float32, MATLAB, HDF5), tables (CSV,
// Parquet), sounds (WAV) and sessions of logic analysers (VCD, sigrok).
//
// Run chooses streams and a stretch of them, settles what happens at gaps, and gives one writer per file rows of values in order; a format is
// one file of this package that implements encoder. Memory does not grow with the recording. Files appear under their names when they are
// complete, and nothing that exists is replaced. The recording is only read, and may still be recorded.
//
// Not in here: conversion of samples (convert), reading them (recording), the command's flags and words (cmd/logger).
package export
