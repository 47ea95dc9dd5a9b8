// Package overview streams from vendor libraries of the generation that delivers by callback: the caller registers one buffer per input (the
// library's overview buffer, a ring that it fills round and round), polls GetStreamingLatestValues, and within that call the library calls
// back and names the part of all buffers that is new.
//
// Poll, callback, copy and commit are C on a thread of its own, see package loop; Go starts it, stops it and reads its counters. The library is a
// function pointer, a handle and buffers: what opens it, registers the buffers and calls RunStreaming before Start and Stop after the end is
// not in here, nor is any family's name.
package overview
