package emulator

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Variable is the environment variable that names the rig directory to the libraries.
const Variable = "SCOPELOG_RIG"

// Rig is a rig directory. Its methods may be called from any goroutine and while units are open; they write whole
// files, by rename, and units look at their state files at most every millisecond, at calls.
type Rig struct {
	dir string
}

// Power is what a unit is fed by.
type Power string

// The states of power, as in the file "power" of a unit.
const (
	Supply       Power = "supply"
	USB          Power = "usb"
	Undervoltage Power = "undervoltage"
)

// NewRig makes a rig in dir, which is created with mode 0700 if it is missing, and writes conf as its rig.conf.
// An empty conf means the default rig: no rig.conf is written.
func NewRig(dir, conf string) (*Rig, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("make a rig: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a rig: %w", err)
	}
	r := &Rig{dir: dir}
	if conf == "" {
		return r, nil
	}
	return r, r.Configure(conf)
}

// Dir is the rig directory, an absolute path.
func (r *Rig) Dir() string { return r.dir }

// Env is the entry for a process's environment that makes the libraries in it use this rig.
func (r *Rig) Env() string { return Variable + "=" + r.dir }

// Configure replaces rig.conf. Units that are open keep what they were opened with.
func (r *Rig) Configure(conf string) error {
	return write(filepath.Join(r.dir, "rig.conf"), conf)
}

// Unplug takes a unit off its port, until [Rig.Plug]. An open handle is lost for good at its next call, unless the unit
// is plugged again before that.
func (r *Rig) Unplug(serial string) error { return r.state(serial, "plugged", "0\n") }

// Plug puts a unit back.
func (r *Rig) Plug(serial string) error { return r.state(serial, "plugged", "1\n") }

// SetPower changes what a unit is fed by.
func (r *Rig) SetPower(serial string, p Power) error {
	return r.state(serial, "power", string(p)+"\n")
}

// SetFaults replaces the faults that hold beside those of rig.conf, each a line without "fault =". They count calls
// from the moment the unit has read them, and come anew each time they are set. No lines: no such faults.
func (r *Rig) SetFaults(serial string, lines ...string) error {
	return r.state(serial, "faults", strings.Join(lines, "\n")+"\n")
}

// Path is a file of a unit's folder.
func (r *Rig) Path(serial, file string) string {
	return filepath.Join(r.dir, strings.ReplaceAll(serial, "/", "_"), file)
}

func (r *Rig) state(serial, file, text string) error {
	path := r.Path(serial, file)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("write the state of %s: %w", serial, err)
	}
	return write(path, text)
}

func write(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// read returns the text of a file, nothing when there is none yet.
func read(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}
