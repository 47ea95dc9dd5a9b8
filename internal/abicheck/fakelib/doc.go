// Package fakelib tests bindings to a vendor library against a library that only records. [Build] compiles one from
// the ABI table: it has every function of the family with its exact prototype; each call writes its arguments, and what
// its pointers point at, to a file, writes prepared bytes through the pointers, and returns a prepared status. [Play]
// calls every method of a binding with values that all differ and compares what arrived, and what came back, byte for
// byte.
//
// It is for tests alone and simulates nothing: the emulated libraries are in emulator.
package fakelib
