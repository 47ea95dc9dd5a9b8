package dynlib

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// ErrEmulated says that a search met an emulated library, which is used only when its path is given.
var ErrEmulated = errors.New("it is an emulated library, which is used only when its path is given")

// Attempt is one path or name that was tried in vain.
type Attempt struct {
	Path    string   // as it was given to the loader; without a slash: found by the loader's own search
	Loaded  string   // the file that was loaded, when it could be
	Said    string   // the loader's own words, when it could not
	Why     string   // what that means, in our words; empty when the loader's words say all
	Missing []string // required functions that the file lacks
	Foreign bool     // it has none of the required functions
	Err     error    // [ErrEmulated], or nil
}

func (a Attempt) String() string {
	where, said := a.Path, strings.TrimPrefix(a.Said, a.Path+": ")
	if a.Loaded != "" && a.Loaded != a.Path {
		where += " (" + a.Loaded + ")"
	}
	switch {
	case a.Err != nil:
		return where + ": " + a.Err.Error()
	case len(a.Missing) > 0:
		why := "it is too old, or not the library that was asked for"
		if a.Foreign {
			why = "it is the library of another family, or too old"
		}
		return fmt.Sprintf("%s lacks the functions %s: %s", where, firstOf(a.Missing), why)
	case a.Why != "" && said != "":
		return where + ": " + a.Why + " (" + said + ")"
	case a.Why != "":
		return where + ": " + a.Why
	}
	return where + ": " + said
}

// namedFunctions is how many missing functions are named.
const namedFunctions = 5

// firstOf joins the first names of a list, and counts the others.
func firstOf(names []string) string {
	if more := len(names) - namedFunctions; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:namedFunctions], ", "), more)
	}
	return strings.Join(names, ", ")
}

// OpenError says that no library could be opened.
type OpenError struct {
	Attempts []Attempt // every path that was tried, in order
}

// Error names every path that was tried, with what was wrong there.
func (e *OpenError) Error() string {
	if len(e.Attempts) == 0 {
		return "no vendor library: no name to look for"
	}
	if len(e.Attempts) == 1 {
		return "no usable vendor library: " + e.Attempts[0].String()
	}
	var b strings.Builder
	b.WriteString("no usable vendor library; tried:")
	for i := 0; i < len(e.Attempts); {
		paths, n := e.alike(i)
		if n == 1 {
			b.WriteString("\n  " + e.Attempts[i].String())
		} else {
			fmt.Fprintf(&b, "\n  %s: %s", strings.Join(paths, ", "), e.Attempts[i].Why)
		}
		i += n
	}
	return b.String()
}

// alike returns the paths from attempt i on where simply nothing is, for the same reason, and how many they are.
func (e *OpenError) alike(i int) (paths []string, n int) {
	for _, a := range e.Attempts[i:] {
		if !a.absent() || a.Why != e.Attempts[i].Why {
			break
		}
		paths = append(paths, a.Path)
	}
	return paths, max(len(paths), 1)
}

// Unwrap returns the errors of the attempts that have one.
func (e *OpenError) Unwrap() []error {
	var errs []error
	for _, a := range e.Attempts {
		if a.Err != nil {
			errs = append(errs, a.Err)
		}
	}
	return errs
}

// Installed tells whether a library was there at all, however unusable; if not, [InstallHint] helps.
func (e *OpenError) Installed() bool {
	for _, a := range e.Attempts {
		if a.Err == nil && !a.absent() && (a.Why != "" || a.Loaded != "" || strings.ContainsRune(a.Path, '/')) {
			return true
		}
	}
	return false
}

// Missing lists the required functions that the best library lacks, the one that lacks fewest; nil when none was loaded.
func (e *OpenError) Missing() []string {
	var best []string
	for _, a := range e.Attempts {
		if len(a.Missing) > 0 && (best == nil || len(a.Missing) < len(best)) {
			best = a.Missing
		}
	}
	return best
}

// foreign tells that no library that was loaded has any of the required functions.
func (e *OpenError) foreign() bool {
	return !slices.ContainsFunc(e.Attempts, func(a Attempt) bool { return len(a.Missing) > 0 && !a.Foreign })
}

const (
	whyAbsent    = "there is no such file"
	whyCut       = "the file is cut short: install it again"
	whyNotOnPath = "it is not in the loader's path"
)

func (a Attempt) absent() bool { return a.Why == whyAbsent || a.Why == whyNotOnPath }

// Advice says what a person does about it: on Linux, where nothing is installed, the commands of [InstallHint] for this
// system, for which it reads /etc/os-release. It is empty where the error itself says it.
func (e *OpenError) Advice() string {
	switch {
	case e.Missing() != nil:
		if e.foreign() {
			return "Name the library of this driver's family, or leave the library out: then the usual places are searched."
		}
		return "Install a newer version of the vendor library."
	case e.Installed() || len(e.Attempts) == 0:
		return ""
	case len(e.Attempts) == 1 && strings.ContainsRune(e.Attempts[0].Path, '/'):
		return "Check the path."
	case len(e.Unwrap()) > 0:
		return "Give the path of the emulated library to use it, or install the vendor's."
	}
	release, err := ReadRelease("")
	if err != nil {
		release = Release{}
	}
	return installAdvice(runtime.GOOS, release, filepath.Base(e.Attempts[0].Path))
}

func installAdvice(goos string, r Release, library string) string {
	if goos != "linux" {
		return "Install PicoSDK or PicoScope 7 from www.picotech.com/downloads."
	}
	return InstallHint(r, library).String()
}
