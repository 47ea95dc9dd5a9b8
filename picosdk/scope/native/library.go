package native

import (
	"errors"
	"runtime"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/dynlib"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// Symbols are the functions of a vendor library.
type Symbols struct {
	Names              []string // of the file, in the order of preference
	Required, Optional []string
}

// Open loads a vendor library and words what is wrong when that does not work.
func Open(req scope.LoadRequest, s Symbols) (*dynlib.Library, error) {
	names := onThisSystem(s.Names)
	if req.Name != "" {
		names = []string{req.Name}
	}
	lib, err := dynlib.Open(dynlib.Request{Names: names, Explicit: req.Path, Required: s.Required, Optional: s.Optional})
	if err == nil {
		return lib, nil
	}
	e := driver.Errorf(driver.KindNoLibrary, "", "%w", err)
	e.Message = strings.ReplaceAll(strings.ReplaceAll(e.Message, ":\n  ", ": "), "\n  ", "; ") // hosts show one line
	var open *dynlib.OpenError
	var binding *dynlib.BindingError
	switch {
	case errors.As(err, &binding):
		e.Message, e.Advice = dynlib.ErrNoBinding.Error(), binding.Advice
	case errors.As(err, &open) && (req.Path != "" || open.Installed()): // else the family's hint says how to install it
		e.Advice = open.Advice()
	}
	return nil, e
}

// File is the part of a [scope.Library] that is about its file.
type File struct{ *dynlib.Library }

// Emulated tells that it is an emulation and not the vendor's.
func (f File) Emulated() bool {
	_, yes := f.Library.Emulated()
	return yes
}

// endings are how names of libraries end.
var endings = map[string]string{"darwin": ".dylib", "windows": ".dll"}

// onThisSystem leaves the names that libraries have here.
func onThisSystem(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		if end, ok := endings[runtime.GOOS]; ok {
			return !strings.HasSuffix(n, end)
		}
		return !strings.Contains(n, ".so")
	})
}

const withoutUnit = "To try without a unit and without the library: set SCOPELOG_LIBRARY=emulated, or library = \"emulated\" in the plan's device."

// InstallHint says how a vendor library is installed on this computer.
func InstallHint(file string) func() string {
	return func() string {
		if runtime.GOOS != "linux" {
			return "Install the PicoSDK or PicoScope 7 of the maker, for programs of this processor."
		}
		release, err := dynlib.ReadRelease("")
		if err != nil {
			release = dynlib.Release{} // the commands for any system
		}
		h := dynlib.InstallHint(release, file)
		return h.String() + "\n" + withoutUnit
	}
}
