package dynlib

import "errors"

// ErrNoBinding says that this build cannot open vendor libraries. It is what [Open] returns, inside a [*BindingError].
var ErrNoBinding = errors.New("this build has no vendor binding")

// BindingError is [ErrNoBinding] with what to do about it.
type BindingError struct {
	Advice string
}

func (e *BindingError) Error() string { return ErrNoBinding.Error() + ": " + e.Advice }

// Unwrap returns [ErrNoBinding].
func (e *BindingError) Unwrap() error { return ErrNoBinding }

// Request says which library to open.
type Request struct {
	// Names are the file names under which the library is known, in the order of preference, such as
	// "libexample.so.2". They are given to the loader first, so that its own path counts, then looked for in Dirs.
	Names []string
	// Explicit is the path of one file; nothing else is tried then. Only so is an emulated library accepted.
	Explicit string
	// Dirs are the folders that are looked through after the loader's own path; nil: where the vendor installs.
	Dirs []string
	// Required are the functions without which the library is of no use, Optional those that some versions lack.
	Required, Optional []string
}

// EmulatorSymbol is the function by which an emulated library tells what it is:
//
//	const char *scopelog_emulator(void);
const EmulatorSymbol = "scopelog_emulator"
