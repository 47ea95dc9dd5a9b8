package export

import (
	"io"
	"sync/atomic"

	"github.com/scopelog/scopelog/outfile"
)

const (
	chunkBytes = 1 << 18 // gathered before it is written
	chunksHeld = 4       // that wait to be written
)

// output is a file that is being written, under another name. What is gathered is written by a goroutine of its own, until end.
type output struct {
	sink   io.WriterAt
	bytes  int64 // length of the file
	first  *lane // what Write appends to
	lanes  []*lane
	full   chan gathered
	free   chan []byte // to be used again
	ended  chan struct{}
	failed atomic.Pointer[error] // the first error of the goroutine
}

// lane is a part of the file that is written in order.
type lane struct {
	w    *output
	next int64 // where what is gathered goes
	buf  []byte
}

// gathered is what one write takes.
type gathered struct {
	p  []byte
	at int64
}

// newOutput begins a file. It has to be ended.
func newOutput(s io.WriterAt) *output {
	w := &output{sink: s, full: make(chan gathered, chunksHeld), free: make(chan []byte, chunksHeld+1), ended: make(chan struct{})}
	w.first = w.lane(0)
	go w.run(w.full)
	return w
}

// run writes what is gathered, in order; behind an error nothing more.
func (w *output) run(full <-chan gathered) {
	defer close(w.ended)
	for c := range full {
		if w.failed.Load() == nil {
			if _, err := w.sink.WriteAt(c.p, c.at); err != nil {
				err = outfile.Cause(err) // the file's name is one that nobody asked for
				w.failed.Store(&err)
			}
		}
		select {
		case w.free <- c.p[:0]:
		default:
		}
	}
}

// err returns what the goroutine has failed with.
func (w *output) err() error {
	if err := w.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// end writes what is left and waits for it. It may be called again.
func (w *output) end() error {
	if w.full != nil {
		for _, l := range w.lanes {
			l.flush()
		}
		close(w.full)
		w.full = nil
	}
	<-w.ended
	return w.err()
}

// lane begins a part of the file at a place.
func (w *output) lane(at int64) *lane {
	l := &lane{w: w, next: at}
	w.lanes = append(w.lanes, l)
	return l
}

// writeAt writes at a place of the file, on which nothing follows in order.
func (w *output) writeAt(p []byte, at int64) error {
	l := &lane{w: w, next: at}
	_, err := l.Write(p)
	l.flush()
	return err
}

// Write appends to what Write has written.
func (w *output) Write(p []byte) (int, error) { return w.first.Write(p) }

// Write appends to the part.
func (l *lane) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := min(len(rest), l.room())
		l.buf = append(l.buf, rest[:n]...)
		rest = rest[n:]
	}
	l.grown()
	return len(p), l.w.err()
}

// put appends values.
func (l *lane) put(k item, values []float64) error {
	size := int(k.size())
	for len(values) > 0 {
		if l.room() < size {
			l.flush()
		}
		n := min(len(values), l.room()/size)
		l.buf = k.append(l.buf, values[:n])
		values = values[n:]
	}
	l.grown()
	return l.w.err()
}

// room returns for how many bytes there is room, at least one.
func (l *lane) room() int {
	if len(l.buf) == cap(l.buf) {
		l.flush()
		select {
		case l.buf = <-l.w.free:
		default:
			l.buf = make([]byte, 0, chunkBytes)
		}
	}
	return cap(l.buf) - len(l.buf)
}

// flush hands over what is gathered.
func (l *lane) flush() {
	if len(l.buf) == 0 {
		return
	}
	l.w.full <- gathered{l.buf, l.next}
	l.next += int64(len(l.buf))
	l.buf = nil
}

// grown notes the length of the file.
func (l *lane) grown() { l.w.bytes = max(l.w.bytes, l.next+int64(len(l.buf))) }
