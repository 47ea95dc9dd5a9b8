package dynlib

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"
)

// loader is what the system offers.
type loader interface {
	// open loads a library with all its symbols resolved; said is the loader's explanation when h is nil.
	open(path string, global bool) (h unsafe.Pointer, said string)
	symbol(h unsafe.Pointer, name string) unsafe.Pointer
	// file is the path of the file behind a handle, or behind a symbol of it; empty when the system does not tell.
	file(h, symbol unsafe.Pointer) string
	// text calls a function without arguments that returns a C string.
	text(f unsafe.Pointer) string
	signals() signalState
}

// helperLibrary lies beside the vendor's libraries, which look for it by its bare name.
const helperLibrary = "libpicoipp.so.1"

// Open loads the library. Unless [Request.Explicit] names the file, each name is given to the loader as it is, then
// looked for in the folders; the first library that has every required function is taken. What was loaded stays
// loaded, also after an error. The error is an *[OpenError], or a *[BindingError] where this build cannot load any.
//
// It may be called from any goroutine, best before the process does anything else that matters: a library's own start
// runs inside.
func Open(req Request) (*Library, error) {
	l, err := systemLoader()
	if err != nil {
		return nil, err
	}
	return open(l, req)
}

func open(l loader, req Request) (*Library, error) {
	before := l.signals()
	var failed OpenError
	seen := map[string]bool{}
	for _, path := range candidates(req) {
		lib, a := try(l, path, req, seen)
		if lib != nil {
			lib.before = before
			return lib, nil
		}
		if a != nil {
			failed.Attempts = append(failed.Attempts, *a)
		}
	}
	return nil, &failed
}

// candidates lists what is tried, in order.
func candidates(req Request) []string {
	if req.Explicit != "" {
		// Without a slash the loader would search.
		if !strings.ContainsRune(req.Explicit, '/') {
			return []string{"./" + req.Explicit}
		}
		return []string{req.Explicit}
	}
	paths := append([]string(nil), req.Names...)
	dirs := req.Dirs
	if dirs == nil {
		dirs = vendorDirs(runtime.GOOS, req.Names)
	}
	for _, d := range dirs {
		for _, n := range req.Names {
			paths = append(paths, filepath.Join(d, n))
		}
	}
	return paths
}

// vendorDirs is where the vendor installs its libraries.
func vendorDirs(goos string, names []string) []string {
	if goos != "darwin" {
		return []string{"/opt/picoscope/lib"}
	}
	const framework = "/Library/Frameworks/PicoSDK.framework/Libraries"
	var dirs []string
	for _, n := range names {
		stem, _, _ := strings.Cut(n, ".")
		if d := filepath.Join(framework, stem); len(dirs) == 0 || dirs[len(dirs)-1] != d {
			dirs = append(dirs, d)
		}
	}
	return append(dirs, "/Applications/PicoScope 7 T&M.app/Contents/Resources")
}

// try opens one candidate. Both results are nil for a file that was tried under another name.
func try(l loader, path string, req Request, seen map[string]bool) (*Library, *Attempt) {
	bare := !strings.ContainsRune(path, '/')
	if !bare {
		real, err := filepath.EvalSymlinks(path)
		if err != nil {
			return nil, absent(path, err)
		}
		if seen[real] {
			return nil, nil
		}
		seen[real] = true
		if runtime.GOOS == "linux" && explainFile(path) == whyCut {
			return nil, &Attempt{Path: path, Why: whyCut} // the loader may run into the missing end, which ends the process
		}
		preload(l, path)
	}
	h, said := l.open(path, false)
	if h == nil {
		return nil, &Attempt{Path: path, Said: said, Why: explain(path, said)}
	}
	var symbol unsafe.Pointer
	if len(req.Required) > 0 {
		symbol = l.symbol(h, req.Required[0])
	}
	lib := &Library{path: loadedPath(l.file(h, symbol), path), loader: l, handle: h, symbols: map[string]unsafe.Pointer{}}
	if bare {
		if real, err := filepath.EvalSymlinks(lib.path); err == nil {
			if seen[real] {
				return nil, nil
			}
			seen[real] = true
		}
		preload(l, lib.path)
	}
	if f := l.symbol(h, EmulatorSymbol); f != nil {
		if req.Explicit == "" {
			return nil, &Attempt{Path: path, Loaded: lib.path, Err: ErrEmulated}
		}
		text := l.text(f)
		lib.emulated = &text
	}
	if missing := lib.resolve(req.Required); len(missing) > 0 {
		return nil, &Attempt{Path: path, Loaded: lib.path, Missing: missing, Foreign: len(missing) == len(req.Required)}
	}
	lib.missing = lib.resolve(req.Optional)
	return lib, nil
}

// absent is the attempt at a file that cannot be found.
func absent(path string, err error) *Attempt {
	if os.IsNotExist(err) {
		return &Attempt{Path: path, Why: whyAbsent}
	}
	return &Attempt{Path: path, Why: "it cannot be reached", Said: err.Error()}
}

// preload loads the vendor's helper library from the folder of a library, where there is one. Those that need it say
// so by a status of their own, so that nothing is reported here.
func preload(l loader, path string) {
	helper := filepath.Join(filepath.Dir(path), helperLibrary)
	if _, err := os.Stat(helper); err == nil {
		l.open(helper, true)
	}
}

func loadedPath(file, tried string) string {
	if file == "" {
		file = tried
	}
	if abs, err := filepath.Abs(file); err == nil && strings.ContainsRune(file, '/') {
		return abs
	}
	return file
}

// resolve looks functions up and returns those that are not there.
func (l *Library) resolve(names []string) (missing []string) {
	for _, n := range names {
		if p := l.loader.symbol(l.handle, n); p != nil {
			l.symbols[n] = p
		} else {
			missing = append(missing, n)
		}
	}
	return missing
}
