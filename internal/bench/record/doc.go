// Command record measures what it costs to record: processor time of core and plugin together, speed, loss and memory.
//
// With --channels and --rate it has the program record a simulated device once, verifies the recording, removes it and
// prints one JSON line; programs that compare recorders run it so. Without, it goes through a matrix of its own in
// interleaved rounds and prints tables. What a signal costs is measured beside: the same plugin with nobody who writes.
//
// With -unit the capture is from an emulated PicoScope through its family's plugin, with -families the matrix is. What the
// emulation costs is measured by a C program that reads the same library and throws the samples away, and the same library
// can be given to another recorder.
//
// The way from process to process alone is measured by the command ring, hours with disturbances by the command soak.
package main
