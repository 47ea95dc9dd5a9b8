package plot

import (
	"bytes"
	"fmt"

	"github.com/scopelog/scopelog/outfile"
)

// Save writes the figure into a file, whose ending chooses the format. It has its name once it is complete. A file that is there already is an
// [*outfile.ExistsError] unless replace is set. Other errors are [*SizeError], [*outfile.FormatError], [*outfile.FolderError] and those of files.
func (f *Figure) Save(name string, size Size, replace bool) error {
	_, ending, err := outfile.Split(name, Endings())
	if err != nil {
		return err
	}
	write := f.WritePNG
	if ending == ".svg" {
		write = f.WriteSVG
	}
	var picture bytes.Buffer
	if err := write(&picture, size); err != nil {
		return fmt.Errorf("draw %s: %w", name, err)
	}
	to, err := outfile.CreateOr(name, replace)
	if err != nil {
		return err
	}
	defer to.Discard()
	if _, err := to.Write(picture.Bytes()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return to.Commit()
}
