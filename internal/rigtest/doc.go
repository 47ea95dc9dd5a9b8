// Package rigtest tests the program from one end to the other: capture plans that the real core carries out with the
// real plugins, whose vendor libraries are emulated. What is recorded is compared with the signals that the rig has at
// its inputs and with what the emulation itself logged. It holds nothing but tests; those of a single part lie beside
// that part.
package rigtest
