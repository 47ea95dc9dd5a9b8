// Package longrun holds runs that stand for much longer ones: what days and weeks bring, in minutes. Each is a function that
// records with the real plugins into a folder of its own, judges what came of it, and returns a report that can print itself and
// says what was not as it should be. The command soak runs them, and tests run short forms of them.
//
// The session runs inside the caller's process, so that its memory, goroutines and files can be counted from inside.
package longrun
