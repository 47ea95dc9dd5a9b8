// Package looptest is for the tests of acquisition loops: fake vendor libraries in C that deliver what a script says and complain of every
// misuse, buffers in C memory, rings, and a judge that drains a ring and keeps everything.
//
// Not in here: the emulated vendor libraries, which have the vendor's whole interface, and anything that a product uses.
package looptest
