// Package modeltest compares a family's table of models with the facts it was written from, number by number, so that
// one slip of the hand is found. It is used by tests only, and holds no fact itself.
package modeltest
