package stage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/scopelog/scopelog/emulator"
)

// Programs are the folders of what is tried.
type Programs struct {
	Logger   string // the command
	Plugins  string // folder of plugins
	Emulator string // folder of emulated libraries
}

// Place is the folder of one trial, with a rig of its own and what the program needs for itself.
type Place struct {
	Dir      string
	Rig      *emulator.Rig
	Out      string // folder of recordings
	Runtime  string // for sockets; a short path outside of Dir
	Tmp      string // for temporary files
	Programs Programs
	// Prefix is put in front of every call of the program.
	Prefix []string
	// Root is where the program sees its files, from outside; empty: where everybody does.
	Root string
	// Env is added to the program's environment.
	Env []string
}

// NewPlace makes dir, which must not be there, and a rig of the devices.
func NewPlace(dir string, p Programs) (*Place, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &Place{Dir: dir, Out: filepath.Join(dir, "out"), Tmp: filepath.Join(dir, "tmp"), Programs: p}
	for _, d := range []string{dir, s.Tmp} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, err
		}
	}
	if s.Rig, err = emulator.NewRig(filepath.Join(dir, "rig"), ""); err != nil {
		return nil, err
	}
	s.Runtime, err = os.MkdirTemp("", "sc-")
	return s, err
}

// View is the path by which this program sees a file of the place's program.
func (s *Place) View(path string) string {
	if s.Root == "" || strings.HasPrefix(path, s.Root) {
		return path
	}
	return s.Root + path
}

// Remove removes all of it.
func (s *Place) Remove() error { return errors.Join(os.RemoveAll(s.Dir), os.RemoveAll(s.Runtime)) }

// Plan is a plan to be carried out.
type Plan struct {
	Run     []string // lines in the run block
	Disk    []string // lines in its disk block
	Devices []*Device
}

// Rig is the rig.conf of the emulated units, in the order of the devices.
func (p Plan) Rig() string {
	var b strings.Builder
	for _, d := range p.Devices {
		b.WriteString(d.conf())
	}
	return b.String()
}

// Truth is the file for a simulated device's own account. It lies in the rig, where its plugin may write.
func (s *Place) Truth(d *Device) string { return filepath.Join(s.Rig.Dir(), d.Name+".truth") }

// PlanPath is where the plan lies.
func (s *Place) PlanPath() string { return filepath.Join(s.Dir, "plan.hcl") }

// Text is the plan's text.
func (s *Place) Text(p Plan) string {
	var text strings.Builder
	fmt.Fprintf(&text, "run \"chaos\" {\n  output = %q\n", s.Out)
	for _, line := range p.Run {
		fmt.Fprintf(&text, "  %s\n", line)
	}
	text.WriteString("  disk {\n")
	for _, line := range p.Disk {
		fmt.Fprintf(&text, "    %s\n", line)
	}
	text.WriteString("  }\n}\n")
	for _, d := range p.Devices {
		text.WriteString("\n" + d.text(s.Truth(d)))
	}
	return text.String()
}

// Write writes plan and rig.
func (s *Place) Write(p Plan) error {
	if err := os.WriteFile(s.PlanPath(), []byte(s.Text(p)), 0o600); err != nil {
		return err
	}
	return s.Rig.Configure(p.Rig())
}

// environ is the environment of the program: what is set for this one stays outside.
func (s *Place) environ() []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "SCOPELOG_") || strings.HasPrefix(name, "XDG_") || name == "HOME" || name == "TMPDIR" || name == "NOTIFY_SOCKET" {
			continue
		}
		env = append(env, kv)
	}
	env = append(env, s.Rig.Env(), "SCOPELOG_EMULATOR="+s.Programs.Emulator, "SCOPELOG_PLUGINS="+s.Programs.Plugins,
		"XDG_RUNTIME_DIR="+s.Runtime, "HOME="+s.Dir, "TMPDIR="+s.Tmp)
	return append(env, s.Env...)
}
