package outfile

import (
	"bufio"
	"errors"
	"fmt"
	"os"
)

// Replace begins a file that takes the place of one that may be there. That one stays until [File.Commit] and, where anything fails before, afterwards.
// The errors are those of [Begin], but for [*ExistsError].
func Replace(name string) (*File, error) {
	if err := Check(name); err != nil && !errors.As(err, new(*ExistsError)) {
		return nil, err
	}
	p, err := begin(name)
	if err != nil {
		return nil, err
	}
	p.replace = true
	return &File{Pending: p, w: bufio.NewWriterSize(p.f, bufferSize)}, nil
}

// Allowed is [Check] for a file that replaces one that is there, where that is wanted.
func Allowed(name string, replace bool) error {
	err := Check(name)
	if replace && errors.As(err, new(*ExistsError)) {
		return nil
	}
	return err
}

// CreateOr is [Create], or [Replace] where that is wanted.
func CreateOr(name string, replace bool) (*File, error) {
	if replace {
		return Replace(name)
	}
	return Create(name)
}

// rename puts the file into its place.
func (p *Pending) rename() error {
	if err := os.Rename(p.f.Name(), p.name); err != nil {
		return fmt.Errorf("create %s: %w", p.name, Cause(err))
	}
	return nil
}
