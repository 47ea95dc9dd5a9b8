// Package fromproto turns the wire form of the driver contract back into values of package driver. What it reads was
// made by another process and is not trusted: fractions without a denominator, unknown kinds of options, numbers that
// do not fit and too deep nesting are refused with [ErrMalformed]. Words such as modes and couplings are passed on as
// they are; whoever uses them judges them. The other direction is package toproto.
package fromproto
