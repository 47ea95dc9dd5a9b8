package outfile

import (
	"bufio"
	"fmt"
)

// bufferSize is how much is gathered before it is written.
const bufferSize = 1 << 18

// File is a [Pending] that is written from the start to the end, with a buffer.
type File struct {
	*Pending
	w     *bufio.Writer
	bytes int64 // that were written
}

// Create begins a file. The errors are those of [Begin].
func Create(name string) (*File, error) {
	p, err := Begin(name)
	if err != nil {
		return nil, err
	}
	return &File{Pending: p, w: bufio.NewWriterSize(p.f, bufferSize)}, nil
}

// Write appends. An error does not name the file.
func (o *File) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	o.bytes += int64(n)
	return n, Cause(err)
}

// WriteAt replaces bytes that were written before. An error does not name the file.
func (o *File) WriteAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > o.bytes {
		return 0, fmt.Errorf("write %d bytes at %d of %s: it has %d", len(p), at, o.name, o.bytes)
	}
	if err := o.w.Flush(); err != nil {
		return 0, Cause(err)
	}
	n, err := o.f.WriteAt(p, at)
	return n, Cause(err)
}

// Bytes counts what was written.
func (o *File) Bytes() int64 { return o.bytes }

// Commit is [Pending.Commit], behind what the buffer holds.
func (o *File) Commit() error {
	if err := o.w.Flush(); err != nil {
		o.Discard()
		return fmt.Errorf("write %s: %w", o.name, Cause(err))
	}
	return o.Pending.Commit()
}
