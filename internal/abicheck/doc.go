// Package abicheck compares C headers and shared libraries with emulator/abi.json, the table of the vendor's ABI, so
// that two independent transcriptions of a prototype cannot agree on one slip.
//
// [Header] writes one _Static_assert per fact of the table (the exact type of every function, the size of every struct,
// type, offset and size of every field, every enum value, callback type and constant), lets gcc judge them and reports
// each mismatch by name. [Exports] reads the dynamic symbols and the SONAME of a built library. Nothing here runs outside
// tests, and nothing here knows what a function does; libraries that record calls, for the tests of bindings, are built
// by package fakelib.
package abicheck
