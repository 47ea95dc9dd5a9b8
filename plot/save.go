package plot

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/scopelog/scopelog/outfile"
)

// Save writes the figure into a file, whose ending chooses the format. It has its name once it is complete. A file that is there already is an
// [*outfile.ExistsError] unless replace is set. Other errors are [*FormatError], [*SizeError], [*outfile.FolderError] and those of files.
func (f *Figure) Save(name string, size Size, replace bool) error {
	if err := CheckName(name); err != nil {
		return err
	}
	var exists *outfile.ExistsError
	if err := outfile.Check(name); err != nil && (!replace || !errors.As(err, &exists)) {
		return err
	}
	write := f.WritePNG
	if strings.EqualFold(filepath.Ext(name), ".svg") {
		write = f.WriteSVG
	}
	var picture bytes.Buffer
	if err := write(&picture, size); err != nil {
		return fmt.Errorf("draw %s: %w", name, err)
	}
	save := create
	if replace {
		save = overwrite
	}
	return save(name, picture.Bytes())
}

// create writes a file that is not there.
func create(name string, content []byte) error {
	f, err := outfile.Create(name)
	if err != nil {
		return err
	}
	defer f.Discard()
	if _, err := f.Write(content); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return f.Commit()
}

// overwrite writes a file and puts it in the place of one that may be there.
func overwrite(name string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.part")
	if err != nil {
		return fmt.Errorf("create %s: %w", name, outfile.Cause(err))
	}
	defer os.Remove(f.Name()) // gone when it has its name
	_, err = f.Write(content)
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, outfile.Cause(err))
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("write %s: %w", name, outfile.Cause(err))
	}
	return nil
}
