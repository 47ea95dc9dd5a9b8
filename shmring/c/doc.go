// Package c holds no Go: it is the place of the ring's C library and of what tests the C side.
//
// shmring.c makes a shared library of shmring.h, for languages that cannot include a header (Python's ctypes, C#, Rust). The tests compile the
// header as C11 and C++17, compare its layout with package shmring, run its self test under sanitizers, and let a Go consumer drain C producers
// in other processes. They need a C compiler and say so when there is none.
//
// The header itself is shmring/shmring.h, its specification docs/format/ring.md. Vendor libraries are not in here.
package c
