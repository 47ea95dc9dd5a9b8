//go:build !linux

package shmring

import "os"

// Rings never leave the process here, so any common zero will do.
func systemMonotonic() int64 { return 0 }

func thisProcess() process { return process{pid: uint32(os.Getpid())} }
