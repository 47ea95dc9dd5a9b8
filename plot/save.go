package plot

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Save writes the figure into a file, whose ending chooses the format. It has its name once it is complete. A file that is there already is an
// [*ExistsError] unless replace is set. Other errors are [*FormatError], [*SizeError] and those of files.
func (f *Figure) Save(name string, size Size, replace bool) error {
	if err := CheckName(name); err != nil {
		return err
	}
	write := f.WritePNG
	if strings.EqualFold(filepath.Ext(name), ".svg") {
		write = f.WriteSVG
	}
	if err := absent(name); err != nil && !replace {
		return err
	}
	if err := save(name, replace, func(w io.Writer) error { return write(w, size) }); err != nil {
		return fmt.Errorf("draw %s: %w", name, err)
	}
	return nil
}

// absent returns an error when there is something of that name.
func absent(name string) error {
	switch _, err := os.Lstat(name); {
	case err == nil:
		return &ExistsError{name}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return nil
}

func save(name string, replace bool, write func(io.Writer) error) error {
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.part")
	if err != nil {
		if path := new(*fs.PathError); errors.As(err, path) {
			err = (*path).Err // its path is a name that nobody asked for
		}
		return err
	}
	defer os.Remove(temp.Name())
	w := bufio.NewWriter(temp)
	if err := write(w); err != nil {
		return errors.Join(err, temp.Close())
	}
	if err := errors.Join(w.Flush(), temp.Chmod(0o644), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if replace {
		return os.Rename(temp.Name(), name)
	}
	err = os.Link(temp.Name(), name)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return &ExistsError{name}
	}
	// Some file systems have no links.
	if err := absent(name); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}
