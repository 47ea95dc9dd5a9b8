package host

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The changes that pinning a plugin makes in its lock file.
const (
	PinAdded   = "added"
	PinChanged = "changed" // another checksum was there
	PinSame    = "same"
)

// Pinned is a plugin whose checksum was written into a lock file.
type Pinned struct {
	Plugin Plugin
	Sum    [32]byte // SHA-256
	Change string
	// Script tells that the plugin is a script: its interpreter opens it by name after the checksum was compared, and
	// the interpreter itself is not checked.
	Script bool
}

const lockHeader = `# Driver plugins that may be started, by SHA-256, as sha256sum prints and checks it.
`

// Pin takes the checksums of plugins and writes them into a lock file, which is made or replaced as a whole. Plugins
// that the file names and that are not among these stay in it. It returns what was written of these, in their order.
func Pin(file string, plugins []Plugin) ([]Pinned, error) {
	lock, err := ReadLock(file)
	if errors.Is(err, fs.ErrNotExist) {
		lock, err = &Lock{Path: file, Sums: map[string][32]byte{}}, nil
	}
	if err != nil {
		return nil, err
	}
	pinned := make([]Pinned, 0, len(plugins))
	for _, p := range plugins {
		one, err := pin(p)
		if err != nil {
			return nil, err
		}
		old, known := lock.Sums[p.Name]
		switch {
		case !known:
			one.Change = PinAdded
		case old != one.Sum:
			one.Change = PinChanged
		default:
			one.Change = PinSame
		}
		lock.Sums[p.Name] = one.Sum
		pinned = append(pinned, one)
	}
	if err := lock.write(); err != nil {
		return nil, err
	}
	return pinned, nil
}

func pin(p Plugin) (Pinned, error) {
	f, err := os.Open(p.Path)
	if err != nil {
		return Pinned{}, fmt.Errorf("take the checksum of a plugin: %w", err)
	}
	defer f.Close()
	sum, err := Sum(f)
	if err != nil {
		return Pinned{}, err
	}
	var head [2]byte
	n, err := f.ReadAt(head[:], 0)
	return Pinned{Plugin: p, Sum: sum, Script: err == nil && n == 2 && string(head[:]) == "#!"}, nil
}

// write replaces the file, or leaves the one before.
func (l *Lock) write() (err error) {
	var b bytes.Buffer
	b.WriteString(lockHeader)
	names := make([]string, 0, len(l.Sums))
	for name := range l.Sums {
		names = append(names, name)
	}
	slices.SortFunc(names, strings.Compare)
	for _, name := range names {
		fmt.Fprintf(&b, "%x  %s\n", l.Sums[name], name)
	}
	f, err := os.CreateTemp(filepath.Dir(l.Path), "."+filepath.Base(l.Path)+"-*")
	if err != nil {
		return fmt.Errorf("plugin lock: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("plugin lock: %w", err), os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(b.Bytes())
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), l.Path)
}
