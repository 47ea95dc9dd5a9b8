//go:build cgo

package dynlib

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const two = "int first(void) { return 1; } int second(void) { return 2; }"

func TestOpenExplicit(t *testing.T) {
	path := library(t, t.TempDir(), unique(t, "explicit"), two)
	lib, err := Open(Request{Explicit: path, Required: []string{"first", "second"}, Optional: []string{"third", "fourth"}})
	if err != nil {
		t.Fatal(err)
	}
	if lib.Path() != path {
		t.Errorf("path %q, want %q", lib.Path(), path)
	}
	if lib.Sym("first") == nil || lib.Sym("second") == nil || lib.Sym("first") == lib.Sym("second") {
		t.Error("functions are missing")
	}
	if lib.Sym("third") != nil || lib.Sym("malloc") != nil {
		t.Error("functions that the library does not have, or was not asked for")
	}
	if got := lib.Missing(); !slices.Equal(got, []string{"third", "fourth"}) {
		t.Errorf("missing %q", got)
	}
	if text, ok := lib.Emulated(); ok {
		t.Errorf("it is emulated: %q", text)
	}
	if got := lib.SignalProblems(); got != nil {
		t.Errorf("signals: %q", got)
	}
}

// TestOpenOrder has the library in two folders, the first one too old.
func TestOpenOrder(t *testing.T) {
	name, old, current := unique(t, "order"), t.TempDir(), t.TempDir()
	library(t, old, name, "int first(void) { return 1; }")
	want := library(t, current, name, two)
	lib, err := Open(Request{Names: []string{name}, Dirs: []string{old, current}, Required: []string{"first", "second"}})
	if err != nil {
		t.Fatal(err)
	}
	if lib.Path() != want {
		t.Errorf("path %q, want %q", lib.Path(), want)
	}
}

// TestOpenErrors has one row for each way in which a library cannot be used.
func TestOpenErrors(t *testing.T) {
	write := func(dir, name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name      string
		make      func(t *testing.T, dir, name string)
		want      []string // parts of the error's text
		installed bool
		advice    string
	}{
		{"nothing there", func(*testing.T, string, string) {}, []string{"there is no such file"}, false, "To install it on"},
		{
			"none of the functions", func(t *testing.T, dir, name string) { library(t, dir, name, "int other(void) { return 0; }") },
			[]string{"lacks the functions first, second: it is the library of another family, or too old"},
			true, "library of this driver's family",
		},
		{
			"missing functions", func(t *testing.T, dir, name string) { library(t, dir, name, "int first(void) { return 0; }") },
			[]string{"lacks the functions second: it is too old"},
			true, "newer version",
		},
		{"not a library", func(_ *testing.T, dir, name string) { write(dir, name, []byte("this is a text that only says so\n")) }, []string{"the file is not a library"}, true, ""},
		{"empty", func(_ *testing.T, dir, name string) { write(dir, name, nil) }, []string{"the file is empty"}, true, ""},
		{"shorter than a head", func(_ *testing.T, dir, name string) { write(dir, name, []byte("\x7fELF\x02")) }, []string{"the file is not a library"}, true, ""},
		{"folder", func(t *testing.T, dir, name string) {
			if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
				t.Fatal(err)
			}
		}, []string{"it is a folder"}, true, ""},
		{"cut off", func(t *testing.T, dir, name string) {
			whole, err := os.ReadFile(library(t, t.TempDir(), name, two))
			if err != nil {
				t.Fatal(err)
			}
			write(dir, name, whole[:200])
		}, []string{"the file is cut short"}, true, ""},
		{"cut off in its head", func(t *testing.T, dir, name string) {
			whole, err := os.ReadFile(library(t, t.TempDir(), name, two))
			if err != nil {
				t.Fatal(err)
			}
			write(dir, name, whole[:40])
		}, []string{"the file is cut short"}, true, ""},
		{
			"other word size", func(t *testing.T, dir, name string) {
				library(t, dir, name, two)
				patch(t, filepath.Join(dir, name), func(head []byte) { head[4] = 3 - head[4] })
			},
			[]string{"this program is", "-bit one", "wrong ELF class"},
			true, "",
		},
		{
			"other processor", func(t *testing.T, dir, name string) {
				library(t, dir, name, two)
				patch(t, filepath.Join(dir, name), func(head []byte) { binary.LittleEndian.PutUint16(head[18:], 8) })
			},
			[]string{"another processor (MIPS)"},
			true, "",
		},
		{
			"missing library beside it", func(t *testing.T, dir, name string) {
				elsewhere := t.TempDir()
				needed := library(t, elsewhere, "libusb-1.0.so.99", "int usb(void) { return 0; }")
				library(t, dir, name, "int usb(void); int first(void) { return usb(); }", needed)
			},
			[]string{"it needs libusb-1.0.so.99, which is not installed", "libusb-1.0-0 on Debian"},
			true, "",
		},
		{
			"function that nothing defines", func(t *testing.T, dir, name string) {
				library(t, dir, name, "int nowhere_at_all(void); int first(void) { return nowhere_at_all(); }")
			},
			[]string{"undefined symbol: nowhere_at_all"},
			true, "",
		},
		{
			"emulated, met by a search", func(t *testing.T, dir, name string) {
				library(t, dir, name, two+` const char *scopelog_emulator(void) { return "x"; }`)
			},
			[]string{"used only when its path is given"},
			false, "path of the emulated library",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, name := t.TempDir(), unique(t, "bad")
			c.make(t, dir, name)
			lib, err := Open(Request{Names: []string{name}, Dirs: []string{dir}, Required: []string{"first", "second"}})
			var open *OpenError
			if lib != nil || !errors.As(err, &open) {
				t.Fatalf("%v, %v", lib, err)
			}
			if len(open.Attempts) != 2 || open.Attempts[0].Path != name || open.Attempts[1].Path != filepath.Join(dir, name) {
				t.Errorf("attempts %+v", open.Attempts)
			}
			text := err.Error()
			for _, part := range append(c.want, name+": it is not in the loader's path") {
				if !strings.Contains(text, part) {
					t.Errorf("%q is missing in:\n%s", part, text)
				}
			}
			if open.Installed() != c.installed {
				t.Errorf("installed: %v, want %v", open.Installed(), c.installed)
			}
			if got := open.Advice(); !strings.Contains(got, c.advice) || c.advice == "" && got != "" {
				t.Errorf("advice %q, want %q", got, c.advice)
			}
		})
	}
}

// patch changes the first bytes of a file.
func patch(t *testing.T, path string, change func(head []byte)) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	change(data)
	if err := os.WriteFile(path, data, 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestOpenNothingToLookFor(t *testing.T) {
	if _, err := Open(Request{}); err == nil || !strings.Contains(err.Error(), "no name to look for") {
		t.Errorf("%v", err)
	}
	_, err := Open(Request{Explicit: filepath.Join(t.TempDir(), "absent.so")})
	var open *OpenError
	if !errors.As(err, &open) || len(open.Attempts) != 1 || !strings.Contains(err.Error(), "there is no such file") || open.Installed() || open.Advice() != "Check the path." {
		t.Errorf("%v", err)
	}
	if errors.Is(err, ErrEmulated) || errors.Is(err, ErrNoBinding) {
		t.Error("the wrong sentinel")
	}
}

func TestEmulated(t *testing.T) {
	dir, name := t.TempDir(), unique(t, "emulated")
	path := library(t, dir, name, two+` const char *scopelog_emulator(void) { return "made for tests"; }`)
	_, err := Open(Request{Names: []string{name}, Dirs: []string{dir}, Required: []string{"first"}})
	if !errors.Is(err, ErrEmulated) {
		t.Errorf("a search: %v", err)
	}
	lib, err := Open(Request{Explicit: path, Required: []string{"first"}})
	if err != nil {
		t.Fatal(err)
	}
	if text, ok := lib.Emulated(); text != "made for tests" || !ok {
		t.Errorf("%q, %v", text, ok)
	}
	silent := library(t, t.TempDir(), unique(t, "silent"), "const char *scopelog_emulator(void) { return 0; }")
	if lib, err = Open(Request{Explicit: silent}); err != nil {
		t.Fatal(err)
	}
	if text, ok := lib.Emulated(); text != "" || !ok {
		t.Errorf("no text: %q, %v", text, ok)
	}
}

// TestEmulatedIsPassedOver has the real library behind an emulated one of the same name.
func TestEmulatedIsPassedOver(t *testing.T) {
	name, emulated, vendor := unique(t, "both"), t.TempDir(), t.TempDir()
	library(t, emulated, name, two+` const char *scopelog_emulator(void) { return "x"; }`)
	want := library(t, vendor, name, two)
	lib, err := Open(Request{Names: []string{name}, Dirs: []string{emulated, vendor}, Required: []string{"first"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := lib.Emulated(); ok || lib.Path() != want {
		t.Errorf("path %q, emulated %v, want %q", lib.Path(), ok, want)
	}
}

// TestSymlinksAreOneFile has the vendor's usual three names for one file.
func TestSymlinksAreOneFile(t *testing.T) {
	dir, name := t.TempDir(), unique(t, "links")
	library(t, dir, name, "int other(void) { return 0; }")
	short := strings.TrimSuffix(name, ".2")
	if err := os.Symlink(name, filepath.Join(dir, short)); err != nil {
		t.Fatal(err)
	}
	_, err := Open(Request{Names: []string{name, short}, Dirs: []string{dir}, Required: []string{"first"}})
	var open *OpenError
	if !errors.As(err, &open) || strings.Count(err.Error(), "lacks the functions") != 1 {
		t.Errorf("%v", err)
	}
	if got := open.Missing(); !slices.Equal(got, []string{"first"}) {
		t.Errorf("missing %q", got)
	}
}

// TestHelperIsLoadedFirst has a library that needs a symbol of the vendor's helper beside it, and one whose helper is broken.
func TestHelperIsLoadedFirst(t *testing.T) {
	dir := t.TempDir()
	library(t, dir, helperLibrary, "int ipp_answer(void) { return 42; }")
	path := library(t, dir, unique(t, "helped"), "int ipp_answer(void); int first(void) { return ipp_answer(); }")
	if _, err := Open(Request{Explicit: path, Required: []string{"first"}}); err != nil {
		t.Errorf("with its helper: %v", err)
	}
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, helperLibrary), []byte("broken"), 0o755); err != nil {
		t.Fatal(err)
	}
	path = library(t, broken, unique(t, "alone"), two)
	if _, err := Open(Request{Explicit: path, Required: []string{"first"}}); err != nil {
		t.Errorf("with a broken helper that it does not need: %v", err)
	}
}

// TestBareName finds a library by the loader's own search: one that every system has.
func TestBareName(t *testing.T) {
	lib, err := Open(Request{Names: []string{"libabsent.so.9", "libm.so.6"}, Dirs: []string{}, Required: []string{"cos"}})
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(lib.Path()) || !strings.HasPrefix(filepath.Base(lib.Path()), "libm") {
		t.Errorf("path %q", lib.Path())
	}
}

func TestRelativePath(t *testing.T) {
	dir, name := t.TempDir(), unique(t, "relative")
	want := library(t, dir, name, two)
	t.Chdir(dir)
	lib, err := Open(Request{Explicit: name, Required: []string{"first"}})
	if err != nil {
		t.Fatal(err)
	}
	if lib.Path() != want {
		t.Errorf("path %q, want %q", lib.Path(), want)
	}
}
