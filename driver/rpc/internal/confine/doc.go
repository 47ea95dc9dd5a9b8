// Package confine bounds what a thread, and every process that it starts, may do: with Landlock what it may read, write
// and signal, with seccomp that it has no network. On kernels that know less, it bounds less; [ABI] tells how much.
//
// Which process is confined, and what it may do, is decided in driver/rpc. Nothing here can be undone.
package confine
