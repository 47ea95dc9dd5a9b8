package host

import (
	"bufio"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/scopelog/scopelog/driver"
)

// Lock holds the checksums of the plugins that may run. Its file is what the command sha256sum prints: a line for
// each plugin, the checksum and the file's name; empty lines and lines beginning with # are left out.
type Lock struct {
	Path string              // of the file, for messages
	Sums map[string][32]byte // SHA-256 by plugin name
}

// maxLock bounds the size of a lock file.
const maxLock = 1 << 20

// ReadLock reads a lock file.
func ReadLock(file string) (*Lock, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("plugin lock: %w", err)
	}
	defer f.Close()
	l := &Lock{Path: file, Sums: map[string][32]byte{}}
	lines := bufio.NewScanner(io.LimitReader(f, maxLock))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := l.add(line); err != nil {
			return nil, fmt.Errorf("plugin lock: %s:%d: %w", file, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("plugin lock: %s: %w", file, err)
	}
	return l, nil
}

func (l *Lock) add(line string) error {
	sum, file, ok := strings.Cut(line, " ")
	b, err := hex.DecodeString(sum)
	file = strings.TrimPrefix(strings.TrimSpace(file), "*") // sha256sum's mark of binary mode
	name := nameOf(path.Base(strings.ReplaceAll(file, `\`, "/")))
	switch {
	case !ok || err != nil || len(b) != sha256.Size:
		return fmt.Errorf("want 64 hex digits, two spaces and a file name, as sha256sum prints them")
	case name == "":
		return fmt.Errorf("%q is no name of a plugin", file)
	}
	if old, twice := l.Sums[name]; twice && old != [32]byte(b) {
		return fmt.Errorf("the plugin %s comes twice with different checksums", name)
	}
	l.Sums[name] = [32]byte(b)
	return nil
}

// Sum takes the checksum of an opened plugin.
func Sum(f *os.File) ([32]byte, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, 1<<62)); err != nil {
		return [32]byte{}, fmt.Errorf("take the checksum of %s: %w", f.Name(), err)
	}
	return [32]byte(h.Sum(nil)), nil
}

// open opens a plugin whose checksum the lock has; what is opened is what was checked, and what has to be executed.
// Every start does so anew. Without a lock there is nothing to check and the result
// is nil.
func (l *Lock) open(p Plugin) (*os.File, error) {
	if l == nil {
		return nil, nil
	}
	refuse := func(format string, args ...any) error {
		return driver.Errorf(driver.KindNotPlugin, "check plugin", format, args...)
	}
	want, ok := l.Sums[p.Name]
	if !ok {
		e := driver.Errorf(driver.KindNotPlugin, "check plugin", "the lock file %s does not name the plugin %s", l.Path, p.Name)
		e.Advice = "if it may be started, add its checksum with: plugins lock"
		return nil, e
	}
	f, err := os.Open(p.Path)
	if err != nil {
		return nil, refuse("%w", err)
	}
	got, err := Sum(f)
	if err != nil {
		f.Close()
		return nil, refuse("%w", err)
	}
	if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
		f.Close()
		e := driver.Errorf(driver.KindNotPlugin, "check plugin", "%s is not the file that was pinned: its checksum is %x, %s has %x",
			p.Path, got, l.Path, want)
		e.Advice = "if the plugin was updated on purpose, write its new checksum with: plugins lock; else find out who changed it"
		return nil, e
	}
	return f, nil
}
