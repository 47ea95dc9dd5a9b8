package export

import (
	"bufio"
	"io"

	"github.com/scopelog/scopelog/outfile"
)

// sink is where the bytes of a file go.
type sink interface {
	io.Writer
	io.WriterAt
}

// output is a file that is being written, under another name.
type output struct {
	buffer *bufio.Writer
	sink   sink
	bytes  int64 // length of the file
}

func newOutput(s sink) *output {
	w := &output{sink: nameless{s}}
	w.buffer = bufio.NewWriterSize(w.sink, 1<<18)
	return w
}

// Write appends to what Write has written. A file is written with either Write or writeAt.
func (w *output) Write(p []byte) (int, error) {
	n, err := w.buffer.Write(p)
	w.bytes += int64(n)
	return n, err
}

// writeAt writes at a place of the file.
func (w *output) writeAt(p []byte, at int64) error {
	n, err := w.sink.WriteAt(p, at)
	w.bytes = max(w.bytes, at+int64(n))
	return err
}

// nameless takes the file's name out of errors: it is one that nobody asked for.
type nameless struct{ sink }

func (s nameless) Write(p []byte) (int, error) {
	n, err := s.sink.Write(p)
	return n, outfile.Cause(err)
}

func (s nameless) WriteAt(p []byte, at int64) (int, error) {
	n, err := s.sink.WriteAt(p, at)
	return n, outfile.Cause(err)
}
