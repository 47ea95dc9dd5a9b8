// Command ps2000a is the driver of the oscilloscopes PicoScope 2205 MSO to 2408B (not of the 2204A and 2205A, which have
// a library of their own): a plugin over the vendor library ps2000a. Here are the family's tables of models and numbers,
// and the adapter from the library's functions to the engine in picosdk/scope, which does all the rest. It has no block
// modes and no triggers yet.
package main
