// Command ps6000a is the driver of the oscilloscopes PicoScope 6000E: a plugin over the vendor library ps6000a. Here are
// the family's tables of models and numbers, and the adapter from the library's functions to the engine in
// picosdk/scope, which does all the rest. It has no block modes and no triggers yet.
package main
