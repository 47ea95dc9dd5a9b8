// Package lent streams from vendor libraries of the generation that fills buffers lent to it: the caller queues buffers per input, polls all
// inputs in one call of GetStreamingLatestValues, is told per input how many samples were added to which buffer, and gives further
// buffers when the library moves on, or at the latest when it says that it waits for some.
//
// Poll, copy, hand-over of buffers and commit are C on a thread of its own, see package loop; Go starts it, stops it and reads its counters.
// The library is a set of function pointers, a handle and buffers: what opens it and calls RunStreaming before Start and Stop after the end is
// not in here, nor is any family's name.
package lent
