package outfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ExistsError is returned for a name that is taken. Nothing was written.
type ExistsError struct {
	Path string
	Kind string // "a folder", "a link", "no ordinary file"; "": a file
}

func (e *ExistsError) Error() string {
	if e.Kind != "" {
		return fmt.Sprintf("%s is there already, as %s, and is not replaced", e.Path, e.Kind)
	}
	return e.Path + " is there already and is not replaced"
}

// exists returns what is there.
func exists(name string, mode fs.FileMode) error {
	e := &ExistsError{Path: name}
	switch {
	case mode.IsDir():
		e.Kind = "a folder"
	case mode&fs.ModeSymlink != 0:
		e.Kind = "a link"
	case !mode.IsRegular():
		e.Kind = "no ordinary file"
	}
	return e
}

// FolderError is returned where the folder of a file is not there.
type FolderError struct{ Path string }

func (e *FolderError) Error() string { return "there is no folder " + e.Path }

// Check returns nil when a file of that name could be made: a [*FolderError] or an [*ExistsError] else.
func Check(name string) error {
	dir := filepath.Dir(name)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return &FolderError{dir}
	}
	switch info, err := os.Lstat(name); {
	case err == nil:
		return exists(name, info.Mode())
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("create %s: %w", name, Cause(err))
	}
	return nil
}

// Cause takes the path out of an error: the name under which a file is written is one that nobody asked for.
func Cause(err error) error {
	if err == nil {
		return nil // nothing is allocated
	}
	if path := new(*fs.PathError); errors.As(err, path) {
		return (*path).Err
	}
	if link := new(*os.LinkError); errors.As(err, link) {
		return (*link).Err
	}
	return err
}
