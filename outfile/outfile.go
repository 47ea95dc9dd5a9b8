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

// File is a file that is being written, under another name. It is used by one goroutine.
type File struct {
	w     *bufio.Writer
	f     *os.File
	name  string
	bytes int64
	done  bool
}

// Create begins a file. It has to be ended with [File.Commit] or [File.Discard].
func Create(name string) (*File, error) {
	if err := Check(name); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.part")
	if err != nil {
		if path := new(*fs.PathError); errors.As(err, path) {
			err = (*path).Err // its path is a name that nobody asked for
		}
		return nil, fmt.Errorf("create %s: %w", name, err)
	}
	return &File{w: bufio.NewWriterSize(f, bufferSize), f: f, name: name}, nil
}

// Name returns the name that the file is going to have.
func (o *File) Name() string { return o.name }

// Bytes counts what was written.
func (o *File) Bytes() int64 { return o.bytes }

// Write appends.
func (o *File) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	o.bytes += int64(n)
	return n, err
}

// WriteAt replaces bytes that were written before.
func (o *File) WriteAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > o.bytes {
		return 0, fmt.Errorf("write %d bytes at %d of %s: it has %d", len(p), at, o.name, o.bytes)
	}
	if err := o.w.Flush(); err != nil {
		return 0, err
	}
	return o.f.WriteAt(p, at)
}

// Commit makes the file durable and gives it its name. A file that came in between is not replaced.
func (o *File) Commit() error {
	if o.done {
		return os.ErrClosed
	}
	o.done = true
	defer os.Remove(o.f.Name())
	if err := errors.Join(o.w.Flush(), o.f.Chmod(0o644), o.f.Sync(), o.f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", o.name, err)
	}
	err := os.Link(o.f.Name(), o.name)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return &ExistsError{o.name}
	}
	// Some file systems have no links.
	if err := Check(o.name); err != nil {
		return err
	}
	return os.Rename(o.f.Name(), o.name)
}

// Discard removes the file, unless it has its name already.
func (o *File) Discard() {
	if o.done {
		return
	}
	o.done = true
	_ = o.f.Close() // it goes
	_ = os.Remove(o.f.Name())
}
