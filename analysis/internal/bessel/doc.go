// Package bessel computes the Bessel function that Kaiser windows are made of.
//
// Not in here: Bessel filters and their poles (analysis/filter), windows themselves.
package bessel
