package capi

import "github.com/scopelog/scopelog/picosdk/dynlib"

type (
	// Element is what a buffer holds.
	Element = dynlib.Element
	// Buffer is an array in C memory, which the library may keep.
	Buffer[T Element] = dynlib.Buffer[T]
)

// AllocInt8 returns zeroed C memory for n samples. The caller frees it.
func AllocInt8(n int) (*Buffer[int8], error) { return dynlib.NewBuffer[int8](n) }

// AllocInt16 returns zeroed C memory for n samples. The caller frees it.
func AllocInt16(n int) (*Buffer[int16], error) { return dynlib.NewBuffer[int16](n) }

// AllocInt64 returns zeroed C memory for n times. The caller frees it.
func AllocInt64(n int) (*Buffer[int64], error) { return dynlib.NewBuffer[int64](n) }

// AllocUint32 returns zeroed C memory for n counts. The caller frees it.
func AllocUint32(n int) (*Buffer[uint32], error) { return dynlib.NewBuffer[uint32](n) }
