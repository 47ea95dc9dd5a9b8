// Package series gives the samples of a recording as values: streams that are chosen by name, a stretch of them between two places, split where
// samples were lost, read in order or from anywhere, converted.
//
// [Choose] finds streams, and single pins of digital ports, [Of] makes series of them, [Series.Stretches] tells where they have samples, and a [Reader] reads. What is lost is never
// bridged: a reader gives NaN for it, and says how much that was. A change of range inside a stretch is converted by its own scale; a change of the
// unit begins another series. Of counts [Series.Rescaled] tells that they stand for several values each.
//
// Not in here: what becomes of the values (export, analyze, plot), and how they are computed (convert).
package series
