// Package emulator builds the emulated vendor libraries (C, in the folders below) and handles rigs for them: it writes
// rig.conf and the state files of units, and reads what units log and count. Tests and tools use it; a product does not.
// The format of all these files is in docs/emulator.md. Not here: the emulation itself, which is C, and loading a library.
package emulator
