// Package outfile writes files that appear under their names when they are complete, and replace one that is there only where
// that is asked for.
//
// Until then a file is written beside its place, under a name that begins with a dot and ends in [PartSuffix], and is locked where the system has locks.
// What a process that was killed has left there is found by [Sweep].
//
// [Split] finds the format of a file by the ending of its name, [WriteHead] begins a table.
//
// Not in here: what is written (export, analyze, plot).
package outfile
