//go:build !amd64 && !arm64

package shmring

import "sync/atomic"

var fence atomic.Uint32

// storeStore orders earlier stores before later stores. An atomic read-modify-write is a full barrier on every system that Go knows.
func storeStore() { fence.Add(1) }

// loadLoad orders earlier loads before later loads.
func loadLoad() { fence.Add(1) }
