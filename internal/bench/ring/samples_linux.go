package main

import (
	"bytes"
	"fmt"
)

const (
	batch       = 64 << 10  // bytes of a batch, and of a message
	sourceBytes = 256 << 10 // samples to copy; they stay in the producer's cache
)

// source makes what is moved: all byte values, in turn.
func source() []byte {
	b := make([]byte, sourceBytes)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

// reader reads every byte that has arrived, as fast as Go can: it counts the zeros, which are one byte in 256.
type reader struct{ bytes, zeros int64 }

func (r *reader) read(b []byte) {
	r.bytes += int64(len(b))
	r.zeros += int64(bytes.Count(b, []byte{0}))
}

// check tells whether all of total bytes came, and as they were sent.
func (r *reader) check(total int64) error {
	if r.bytes != total || r.zeros != total/256 {
		return fmt.Errorf("%d bytes with %d zeros arrived, sent were %d with %d", r.bytes, r.zeros, total, total/256)
	}
	return nil
}
