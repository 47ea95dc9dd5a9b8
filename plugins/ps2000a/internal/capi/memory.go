package capi

// Element is what a buffer holds.
type Element interface {
	int8 | int16 | int32 | int64 | uint32 | uint64
}

// AllocInt8 returns zeroed C memory for n samples. The caller frees it.
func AllocInt8(n int) (*Buffer[int8], error) { return alloc[int8](n) }

// AllocInt16 returns zeroed C memory for n samples. The caller frees it.
func AllocInt16(n int) (*Buffer[int16], error) { return alloc[int16](n) }

// AllocInt64 returns zeroed C memory for n times. The caller frees it.
func AllocInt64(n int) (*Buffer[int64], error) { return alloc[int64](n) }

// AllocUint32 returns zeroed C memory for n counts. The caller frees it.
func AllocUint32(n int) (*Buffer[uint32], error) { return alloc[uint32](n) }
