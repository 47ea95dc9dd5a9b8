package outfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// PartSuffix ends the names of files that are not complete.
const PartSuffix = ".scopelog-part"

// longestBase is how much of a name stands in that of the file that is not complete: file systems have names of 255 bytes.
const longestBase = 200

// mostBehind is how much is written before the system is asked to put it on the disk.
const mostBehind = 4 << 20

// Pending is a file that is being written, under another name. It is used by one goroutine, and has to be ended with [Pending.Commit] or
// [Pending.Discard].
type Pending struct {
	f      *os.File // locked, so that nobody sweeps it away
	name   string
	behind int64 // bytes that the disk was not yet asked to take
	done   bool

	replace bool // a file that is there makes room
}

// Begin begins a file. The errors are those of [Check] and of the system, with the name.
func Begin(name string) (*Pending, error) {
	if err := Check(name); err != nil {
		return nil, err
	}
	return begin(name)
}

// begin is [Begin] without a look at the name.
func begin(name string) (*Pending, error) {
	base := filepath.Base(name)
	base = strings.ToValidUTF8(base[:min(len(base), longestBase)], "")
	for {
		f, err := os.CreateTemp(filepath.Dir(name), "."+base+".*"+PartSuffix)
		if err != nil {
			return nil, fmt.Errorf("create %s: %w", name, Cause(err))
		}
		p := &Pending{f: f, name: name}
		if err = lockPart(f); err == nil {
			return p, nil
		}
		p.Discard()
		if !errors.Is(err, errSwept) {
			return nil, fmt.Errorf("create %s: %w", name, Cause(err))
		}
	}
}

// Commit makes the file durable and gives it its name. A file that came in between is not replaced: it is an [*ExistsError]. With an error nothing is
// left; those of the system have the name.
func (p *Pending) Commit() error {
	if p.done {
		return os.ErrClosed
	}
	p.done = true
	defer os.Remove(p.f.Name())
	if err := errors.Join(Cause(p.f.Chmod(0o644)), Cause(p.f.Sync())); err != nil {
		_ = p.f.Close()
		return fmt.Errorf("write %s: %w", p.name, err)
	}
	err := p.publish() // while the lock is held
	closed := Cause(p.f.Close())
	if err != nil && !errors.As(err, new(*ExistsError)) {
		err = p.publish() // some file systems give no name to a file that is open
	}
	if err != nil {
		return err
	}
	if err := errors.Join(closed, syncFolder(filepath.Dir(p.name))); err != nil {
		if !p.replace {
			_ = os.Remove(p.name)
		}
		return fmt.Errorf("write %s: %w", p.name, err)
	}
	return nil
}

// publish gives the file its name.
func (p *Pending) publish() error {
	if p.replace {
		return p.rename()
	}
	err := os.Link(p.f.Name(), p.name)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return &ExistsError{Path: p.name}
	}
	// Some file systems have no links.
	if err := Check(p.name); err != nil {
		return err
	}
	return p.rename()
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

// WriteAt writes at a place of the file, and has the system begin to put that on the disk, so that Commit has less to wait for. It is an [io.WriterAt],
// but not for several goroutines at a time. An error does not name the file.
func (p *Pending) WriteAt(b []byte, at int64) (int, error) {
	n, err := p.f.WriteAt(b, at)
	if p.behind += int64(n); p.behind >= mostBehind {
		p.behind = 0
		writeBack(p.f)
	}
	return n, Cause(err)
}
