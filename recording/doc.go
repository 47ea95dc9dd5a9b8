// Package recording is the on-disk format of a run: the types of its metadata, journal and tables, the writer, and what reads, checks
// and repairs. docs/format/recording.md and docs/format/daq.sigmf-ext.md are its specification.
//
// A run is a directory ([Create] makes one). Each device of it has a [DeviceWriter], fed by two goroutines: the drainer calls
// Append, Gap and Annotate, and from time to time [DeviceWriter.Checkpoint], which freezes what has been written; another one calls
// [DeviceWriter.Sync] with that checkpoint, which makes it durable, journals it and seals finished segments. The drainer never
// waits for a sync.
//
// Samples go to flat files as they come, without header or compression. Loss is never filled in: it is a gap, stored with place, length
// and cause. All indexes are int64 and named by what they count: stream index (recorded samples of a stream), device index (samples of a
// stream's own rate, lost ones included), raw device index (the same at ratio 1).
//
// Not in here: where samples come from (rings, drivers), when to sync, when to give up on a full disk, how clocks are fitted. The package
// uses the standard library, x/sys and a file lock only, and does not log: what happened goes into the run's events.
package recording
