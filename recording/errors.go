package recording

import (
	"errors"
	"fmt"
	"syscall"
)

var (
	// ErrClosed is returned by calls on a run or device writer that has been finished.
	ErrClosed = errors.New("recording is closed")
	// ErrNothingToDrop is returned by [Run.DropOldest] when no sealed segment is left.
	ErrNothingToDrop = errors.New("no sealed segment is left to drop")
	// ErrIndexRange is returned for device indexes and gaps that reach beyond [MaxRawIndex]. Nothing was changed: whoever told of them lies.
	ErrIndexRange = errors.New("device index is out of range")
	// ErrNotSupported is returned where this operating system has nothing to call.
	ErrNotSupported = errors.New("not supported on this system yet")
)

// LockedError is returned when another process writes the run.
type LockedError struct {
	Dir string
	PID int // of the writer as run.json names it, 0 when unknown
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s is being written by another process", e.Dir)
	}
	return fmt.Sprintf("%s is being written by process %d", e.Dir, e.PID)
}

// StreamError is a failed file operation of one stream. Other streams are not affected, and the call may be repeated: after a failed
// [DeviceWriter.Append] with the samples from [DeviceWriter.Next] on. [NoSpace] tells a full disk.
type StreamError struct {
	Stream string
	Op     string // create, write, sync, truncate, rename ...
	Err    error
}

func (e *StreamError) Error() string { return fmt.Sprintf("stream %s: %s: %v", e.Stream, e.Op, e.Err) }

// Unwrap returns the error of the operating system.
func (e *StreamError) Unwrap() error { return e.Err }

// DeviceError is a failed operation on files of a whole device: journal, folder, run.json. It may be repeated by the next sync.
type DeviceError struct {
	Device string
	Op     string
	Err    error
}

func (e *DeviceError) Error() string { return fmt.Sprintf("device %s: %s: %v", e.Device, e.Op, e.Err) }

// Unwrap returns the error of the operating system.
func (e *DeviceError) Unwrap() error { return e.Err }

// IndexError is returned by [DeviceWriter.Append] when the samples do not follow the ones before by the chain rule: a bug of the caller, who
// has to call [DeviceWriter.Gap] for what is missing. Nothing was written.
type IndexError struct {
	Stream     string
	Have, Want int64 // device index given, and the one that would follow
}

func (e *IndexError) Error() string {
	return fmt.Sprintf("stream %s: samples begin at device index %d, but %d is next", e.Stream, e.Have, e.Want)
}

// NoSpace reports whether err comes from a full disk or an exhausted quota.
func NoSpace(err error) bool { return errors.Is(err, syscall.ENOSPC) || isQuota(err) }
