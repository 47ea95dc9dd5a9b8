package scope

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// Emulated is the word that stands for the emulated library where a plan or a setting names a library.
const Emulated = "emulated"

// choose says which library to load. asked tells that an emulated one may be loaded: it never is by chance.
func (d *Driver) choose(library string) (req LoadRequest, asked bool, err error) {
	if library == "" {
		library = d.o.Library
	}
	switch {
	case library == "":
		return LoadRequest{}, false, nil
	case library == Emulated:
		dir, err := d.emulatorDir()
		return LoadRequest{Path: filepath.Join(dir, d.family.File)}, true, err
	case strings.ContainsAny(library, `/\`):
		path, err := filepath.Abs(library)
		return LoadRequest{Path: path}, true, err
	}
	return LoadRequest{Name: library}, false, nil
}

func (d *Driver) emulatorDir() (string, error) {
	if d.o.EmulatorDir != "" {
		return filepath.Abs(d.o.EmulatorDir)
	}
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the folder of the emulated libraries: %w", err)
	}
	return filepath.Join(filepath.Dir(filepath.Dir(self)), "emulator"), nil
}

// load opens the chosen library once, and checks that it is one to work with. A library stays loaded to the end of
// the process, since its threads do. It is for the worker.
func (d *Driver) load(op, library string) (Library, string, error) {
	req, asked, err := d.choose(library)
	if err != nil {
		return nil, "", err
	}
	lib := d.libraries[req]
	if lib == nil {
		if lib, err = d.family.Load(req); err != nil {
			return nil, "", d.noLibrary(op, req, err)
		}
		d.libraries[req] = lib
		d.log.Info("vendor library loaded", "path", lib.Path(), "emulated", lib.Emulated())
		d.checkSignals(lib)
	}
	if lib.Emulated() && !asked {
		e := driver.Errorf(driver.KindNoLibrary, op, "%s is an emulated library, found where the vendor's is searched", lib.Path())
		e.Advice = fmt.Sprintf("Write library = %q in the device where an emulated unit is wanted; else take the folder out of the search path.", Emulated)
		return nil, "", e
	}
	version, err := d.checkVersion(op, lib)
	return lib, version, err
}

// noLibrary words why there is no library.
func (d *Driver) noLibrary(op string, req LoadRequest, err error) error {
	var e *driver.Error
	if !errors.As(err, &e) {
		e = driver.Errorf(driver.KindNoLibrary, op, "%w", err)
	}
	e.Op = op
	switch {
	case req.Name != "" && !strings.Contains(req.Name, "."): // no file is called so
		e.Advice = fmt.Sprintf("Did you mean %q? Else name the library's file, or nothing: then the usual places are searched.", Emulated)
	case e.Advice != "":
	case req.Path != "" && filepath.Base(req.Path) == d.family.File && filepath.Base(filepath.Dir(req.Path)) == "emulator":
		e.Advice = "Build the emulated libraries with: make emulator"
	case req.Path == "" && d.family.InstallHint != nil:
		e.Advice = d.family.InstallHint()
	case req.Path != "":
		e.Advice = "Correct the path of the library, or leave it out: then the usual places are searched."
	}
	return e
}

// checkVersion refuses libraries that are too old. One whose version cannot be read is taken as it is.
func (d *Driver) checkVersion(op string, lib Library) (string, error) {
	text, err := lib.DriverVersion()
	if err != nil {
		d.log.Warn("the vendor library does not tell its version", "path", lib.Path(), "error", err)
		return "", nil
	}
	v, ok := picosdk.ParseVersion(text)
	if !ok {
		d.log.Warn("the version of the vendor library cannot be read", "path", lib.Path(), "text", text)
		return strings.TrimRight(text, "\x00 "), nil
	}
	if !v.AtLeast(d.family.MinVersion) {
		e := driver.Errorf(driver.KindNoLibrary, op, "the vendor library %s is of version %s; it must be %s or newer", lib.Path(), v, d.family.MinVersion)
		if e.Advice = "Update the vendor's package."; d.family.InstallHint != nil {
			e.Advice += " " + d.family.InstallHint()
		}
		return "", e
	}
	return v.String(), nil
}

// checkSignals warns when the library has taken signals away that the Go runtime needs.
func (d *Driver) checkSignals(lib Library) {
	if t, ok := lib.(SignalTeller); ok {
		for _, p := range t.SignalProblems() {
			d.log.Warn("the vendor library has changed how signals are handled", "problem", p)
		}
	}
}
