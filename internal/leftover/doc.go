// Package leftover finds what a run has left behind that must be gone when it has ended: processes, rings, sockets, temporary files. It serves
// tests and programs that judge runs; it ends and removes nothing.
package leftover
