// Package outfile writes files that appear under their names when they are complete, and never replace one that is there.
//
// Not in here: what is written (export, analyze, plot).
package outfile

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// bufferSize is how much is gathered before it is written.
const bufferSize = 1 << 18

// ExistsError is returned for a name that is taken. Nothing was written.
type ExistsError struct{ Path string }

func (e *ExistsError) Error() string { return e.Path + " is there already and is not replaced" }

// FolderError is returned where the folder of a file is not there.
type FolderError struct{ Path string }

func (e *FolderError) Error() string { return "there is no folder " + e.Path }

// Check returns nil when a file of that name could be made: a [*FolderError] or an [*ExistsError] else.
func Check(name string) error {
	dir := filepath.Dir(name)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return &FolderError{dir}
	}
	switch _, err := os.Lstat(name); {
	case err == nil:
		return &ExistsError{name}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return nil
}

// Pending is a file that is being written, under another name. It is used by one goroutine, and has to be ended with [Pending.Commit] or
// [Pending.Discard].
type Pending struct {
	f    *os.File
	name string
	done bool
}

// Begin begins a file. The errors are those of [Check] and of the system.
func Begin(name string) (*Pending, error) {
	if err := Check(name); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.part")
	if err != nil {
		return nil, Cause(err)
	}
	return &Pending{f: f, name: name}, nil
}

// Cause takes the path out of an error: the name under which a file is written is one that nobody asked for.
func Cause(err error) error {
	if err == nil {
		return nil // nothing is allocated
	}
	if path := new(*fs.PathError); errors.As(err, path) {
		return (*path).Err
	}
	return err
}

// Open returns what is written to. It is closed by Commit and Discard.
func (p *Pending) Open() *os.File { return p.f }

// Commit makes the file durable and gives it its name. A file that came in between is not replaced.
func (p *Pending) Commit() error {
	if p.done {
		return os.ErrClosed
	}
	p.done = true
	defer os.Remove(p.f.Name())
	if err := errors.Join(Cause(p.f.Chmod(0o644)), Cause(p.f.Sync()), Cause(p.f.Close())); err != nil {
		return err
	}
	err := os.Link(p.f.Name(), p.name)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return &ExistsError{p.name}
	}
	// Some file systems have no links.
	if err := Check(p.name); err != nil {
		return err
	}
	return os.Rename(p.f.Name(), p.name)
}

// Discard removes the file, unless it has its name already.
func (p *Pending) Discard() {
	if p.done {
		return
	}
	p.done = true
	_ = p.f.Close() // it goes
	_ = os.Remove(p.f.Name())
}

// File is a [Pending] that is written from the start to the end, with a buffer.
type File struct {
	*Pending
	w     *bufio.Writer
	bytes int64
}

// Create begins a file. The errors are those of [Begin].
func Create(name string) (*File, error) {
	p, err := Begin(name)
	if err != nil {
		return nil, err
	}
	return &File{Pending: p, w: bufio.NewWriterSize(p.f, bufferSize)}, nil
}

// Bytes counts what was written.
func (o *File) Bytes() int64 { return o.bytes }

// Write appends.
func (o *File) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	o.bytes += int64(n)
	return n, Cause(err)
}

// WriteAt replaces bytes that were written before.
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

// Commit is [Pending.Commit], behind what the buffer holds.
func (o *File) Commit() error {
	if err := o.w.Flush(); err != nil {
		o.Discard()
		return fmt.Errorf("write %s: %w", o.name, Cause(err))
	}
	return o.Pending.Commit()
}
