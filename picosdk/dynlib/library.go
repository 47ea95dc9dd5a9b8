package dynlib

import "unsafe"

// Library is an opened vendor library. It stays loaded until the process ends: vendor libraries keep threads. All
// methods may be called from any goroutine.
type Library struct {
	path     string
	loader   loader
	handle   unsafe.Pointer
	symbols  map[string]unsafe.Pointer
	missing  []string
	emulated *string
	before   signalState
}

// Path is the file that was loaded, absolute where the system tells.
func (l *Library) Path() string { return l.path }

// Sym returns the address of a function of [Request.Required] or [Request.Optional]; nil when the library lacks it, or
// it is in neither list. The address is C code, valid until the process ends.
func (l *Library) Sym(name string) unsafe.Pointer { return l.symbols[name] }

// Missing lists the functions of [Request.Optional] that the library lacks, in the order of the request.
func (l *Library) Missing() []string { return l.missing }

// Emulated tells whether this is an emulated library, and what it says it is.
func (l *Library) Emulated() (text string, ok bool) {
	if l.emulated == nil {
		return "", false
	}
	return *l.emulated, true
}

// SignalProblems compares the process's signal handlers with those before the library was loaded, and says in words
// what has changed in a way that breaks the Go runtime: a handler for SIGSEGV, SIGURG or SIGPROF was replaced, or lost
// its alternate stack. It may be asked again after calls that start threads of the library. nil: all is well.
func (l *Library) SignalProblems() []string { return l.before.compare(l.loader.signals()) }
