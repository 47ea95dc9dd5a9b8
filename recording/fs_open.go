package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrNotRegular is returned by [OSFS] where a file of a run is a pipe, a socket, a folder or a device, or, when it is to be written to, a
// link. It is refused before anything is read from it or written.
var ErrNotRegular = errors.New("not a regular file")

// mostAhead bounds what readFile reserves for a file before anything was read from it.
const mostAhead = 64 << 20

// openFile is os.OpenFile for regular files only: it waits for no writer of a pipe, and what is opened for writing is not reached through a
// link, which may lead out of the run.
func openFile(path string, flag int, perm fs.FileMode) (*os.File, error) {
	look, writes := os.Stat, flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE|os.O_TRUNC) != 0
	if writes {
		look = os.Lstat
	}
	if info, err := look(path); err == nil { // else opening tells why, or makes it
		if err := checkRegular(path, info); err != nil {
			return nil, err
		}
	}
	f, err := openAtOnce(path, flag, perm, writes)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat() // what was looked at before may have been exchanged
	if err == nil {
		err = checkRegular(path, info)
	}
	if err == nil {
		err = mayWait(f)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// checkRegular says what stands in the place of a regular file.
func checkRegular(path string, info fs.FileInfo) error {
	what := "of an unknown kind"
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode&fs.ModeSymlink != 0:
		to, err := os.Readlink(path)
		if err != nil {
			to = "an unknown place"
		}
		return &fs.PathError{Op: "open", Path: path, Err: fmt.Errorf("it is a link to %s, and is not written through; put the file itself there: %w", to, ErrNotRegular)}
	case mode.IsDir():
		what = "a folder"
	case mode&fs.ModeNamedPipe != 0:
		what = "a named pipe"
	case mode&fs.ModeSocket != 0:
		what = "a socket"
	case mode&fs.ModeDevice != 0:
		what = "a device"
	}
	return &fs.PathError{Op: "open", Path: path, Err: fmt.Errorf("it is %s, %w", what, ErrNotRegular)}
}

// readFile is os.ReadFile by openFile.
func readFile(path string) ([]byte, error) {
	f, err := openFile(path, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	if info, err := f.Stat(); err == nil {
		b.Grow(int(min(info.Size(), mostAhead)) + bytes.MinRead)
	}
	_, err = b.ReadFrom(f)
	return b.Bytes(), err
}
