// Package events finds events in streamed samples: a level or a window that is gone through, a change that is steep. A [Detector]
// looks at one stream as its samples come, batch by batch, and costs little where nothing can have happened.
//
// It knows neither plans nor devices, and does not write anything down: the session does.
package events
