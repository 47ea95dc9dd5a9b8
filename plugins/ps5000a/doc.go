// Command ps5000a is the driver of the oscilloscopes PicoScope 5000 A, B and D with flexible resolution (not of the E
// series, which has a library of its own): a plugin over the vendor library ps5000a. Here are the family's tables of
// models and numbers, and the adapter from the library's functions to the engine in picosdk/scope, which does all the
// rest. It has no block modes and no triggers yet.
package main
