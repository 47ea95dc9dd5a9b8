// Package ctypes has programs in Python (ctypes and numpy) that use the emulated libraries as a stranger would: by the
// vendor's names, in the order of calls of the vendor's examples, and with the emulated signals as the judge of what
// comes back. The Go tests of this folder build the libraries, lay a rig and run the programs one by one.
//
// library.py declares all functions and structures of a family from the ABI table, signals.py knows what the rig's
// signals must look like, overview_*.py are the programs of ps2000a and ps5000a, queued_*.py those of ps6000a. There is no
// Go code besides the tests, and nothing here knows how the emulation works inside.
package ctypes
