// Package capi is the binding to the vendor library ps2000a: one method of [API] per C function, of the same name
// without the prefix, with the arguments in the same order. What the library writes through a pointer comes back as a
// result, in the order of the arguments; the status is the last result. A slice stands for a pointer and its count;
// nil is NULL and 0. Enums are the vendor's numbers, counts and times are in the vendor's units.
//
// Memory that the library keeps after a call returns is C memory: a [Buffer], which the caller frees after the library
// has forgotten it. There are no callbacks into Go: block captures are waited for with IsReady, and the streaming
// callback is a C function, called on the thread that polls.
//
// Nothing here is safe to be called by two goroutines for one unit at a time, except [API.Has] and [API.Pointer]. A
// method blocks for as long as the library does. Without cgo everything compiles and [Load] returns an error.
//
// Decisions, checks of values and conversions to volts are elsewhere. Updating firmware is not bound.
package capi
