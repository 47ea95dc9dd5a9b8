// Package destination holds the rule of all functions below analysis that write to a slice of the caller's: nil allocates, another length than
// that of the result is a mistake in the program and panics.
//
// Not in here: the computing.
package destination
