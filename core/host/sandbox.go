package host

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/scopelog/scopelog/driver/rpc"
)

// Sandbox says which plugins are confined; see rpc.Sandbox for what that means. The words are those of plans.
type Sandbox string

// The values.
const (
	SandboxOff  Sandbox = "off"  // none; so is the empty word
	SandboxOn   Sandbox = "on"   // all; where the driver needs a vendor library, USB devices may be opened too
	SandboxAuto Sandbox = "auto" // those without a vendor library, and those whose library is the emulated one
)

const (
	rigVariable     = "SCOPELOG_RIG"
	libraryVariable = "SCOPELOG_LIBRARY"
	emulatorFolder  = "SCOPELOG_EMULATOR"

	emulatedWord = "emulated" // stands for the emulated library where a plan or a setting names a library
	usbFolder    = "/dev/bus/usb"
)

// purpose is what the units of a plugin are.
type purpose int

const (
	forAnything  purpose = iota // not known, or real units
	forSimulated                // the driver needs no vendor library
	forEmulated                 // the vendor library is an emulated one
)

// purposeOf tells what a plugin is started for. What a driver says of itself counts once it has been asked.
func (h *Host) purposeOf(p Plugin, o StartOptions, env environment) purpose {
	h.mu.Lock()
	d, asked := h.described[p.Name]
	h.mu.Unlock()
	if asked && !d.NeedsLibrary {
		return forSimulated
	}
	library := o.Library
	for _, name := range []string{libraryVariable + "_" + strings.ToUpper(p.Name), libraryVariable} {
		if library == "" {
			library = env[name]
		}
	}
	folder := env[emulatorFolder]
	if folder == "" {
		folder = filepath.Join(filepath.Dir(filepath.Dir(p.Path)), "emulator")
	}
	if library == emulatedWord || filepath.IsAbs(library) && filepath.Dir(filepath.Clean(library)) == filepath.Clean(folder) {
		return forEmulated
	}
	return forAnything
}

const unconfinedMessage = "this kernel cannot keep plugins from writing files and signalling processes (Landlock is missing or off); they run with the rest of the sandbox"

// tellLevel tells once that plugins cannot be confined as they should be here.
func (h *Host) tellLevel(level int) {
	if level == 0 {
		h.unconfined.Do(func() { h.log.Warn(unconfinedMessage) })
	}
}

// confinement is the sandbox that a plugin is started in; nil: none.
func (h *Host) confinement(p Plugin, o StartOptions, env environment) (*rpc.Sandbox, error) {
	use := h.purposeOf(p, o, env)
	if h.o.Sandbox != SandboxOn && (h.o.Sandbox != SandboxAuto || use == forAnything && !o.describeOnly) {
		return nil, nil
	}
	s := &rpc.Sandbox{}
	if o.describeOnly {
		return s, nil
	}
	rigs, err := rigFolders(p.Name, use, env)
	if err != nil {
		return nil, err
	}
	s.Write = rigs
	if use == forAnything {
		if _, err := os.Stat(usbFolder); err == nil {
			s.Devices = append(s.Devices, usbFolder)
		}
	}
	for _, file := range o.Files {
		folder := filepath.Dir(file)
		switch info, err := os.Stat(file); {
		case err == nil && info.Mode().IsRegular():
			s.Write = append(s.Write, file)
		case err != nil && isDir(folder) && !h.tooWide(folder, p, env):
			s.Create = append(s.Create, folder)
		}
	}
	return s, nil
}

// tooWide tells whether a folder holds what no plugin may write just because a plan names a file in it: a home, this
// run's state, the plugins.
func (h *Host) tooWide(folder string, p Plugin, env environment) bool {
	for _, inner := range []string{env["HOME"], h.statesPath(), p.Path} {
		if rel, err := filepath.Rel(folder, inner); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}

// rigFolders are the folders in which units that are no hardware keep what they share, as the plugin's environment has
// it: the rig's, or the private ones that stand for it. They are made where they are not there, as the units would.
func rigFolders(driver string, use purpose, env environment) ([]string, error) {
	dir, named := env[rigVariable], true
	if dir == "" {
		named = false
		switch use {
		case forSimulated:
			dir = filepath.Join(env.or("TMPDIR", "/tmp"), fmt.Sprintf("scopelog-%s-%d", driver, os.Getuid()))
		case forEmulated:
			dir = fmt.Sprintf("/tmp/scopelog-emulator-%d", os.Getuid())
			if runtime := env["XDG_RUNTIME_DIR"]; filepath.IsAbs(runtime) && isDir(runtime) {
				dir = filepath.Join(runtime, "scopelog-emulator")
			}
		default:
			return nil, nil
		}
	}
	if named {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("folder of simulated units: %w", err)
		}
		return []string{dir}, nil
	}
	if err := makeStateDir(dir); err != nil { // others could lay a trap there
		return nil, fmt.Errorf("folder of simulated units: %w", err)
	}
	return []string{dir}, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
