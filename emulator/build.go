package emulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
)

// Families are the emulated vendor libraries, as in lib<family>.so.2.
var Families = []string{"ps2000a", "ps5000a", "ps6000a"}

// ErrUnsupported: the libraries cannot be built on this system.
var ErrUnsupported = errors.New("the emulated vendor libraries are not supported on this system yet")

// Options of [Build].
type Options struct {
	// Sanitizer: "", "address" or "thread".
	Sanitizer string
	// Objects is the folder for object files, reused by later builds; empty: a folder of the source tree's build/.
	Objects string
	// Targets of the Makefile; none: the libraries.
	Targets []string
}

// Source returns the folder of the C sources. It is known in programs that were built from a source tree with its
// paths in them (not with -trimpath), as tests are.
func Source() (string, error) {
	_, file, _, ok := runtime.Caller(0)
	dir := filepath.Dir(file)
	if _, err := os.Stat(filepath.Join(dir, "Makefile")); !ok || err != nil {
		return "", fmt.Errorf("find the sources of the emulator: %s has none", dir)
	}
	return dir, nil
}

// Build builds into dir, by make and a C compiler: lib<family>.so.2 with a link lib<family>.so for each family. Builds
// that share a folder for objects wait for each other, also across processes. Returns [ErrUnsupported] elsewhere than on
// Linux; what the compiler said is in the error.
func Build(ctx context.Context, dir string, o Options) error {
	if runtime.GOOS != "linux" {
		return ErrUnsupported
	}
	source, err := Source()
	if err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return fmt.Errorf("build the emulator: %w", err)
	}
	objects := o.Objects
	if objects == "" {
		objects = filepath.Join(filepath.Dir(source), "build", "emulator")
		if o.Sanitizer != "" {
			objects += "-" + o.Sanitizer
		}
	}
	if objects, err = filepath.Abs(objects); err != nil {
		return fmt.Errorf("build the emulator: %w", err)
	}
	if err := os.MkdirAll(objects, 0o755); err != nil {
		return fmt.Errorf("build the emulator: %w", err)
	}
	unlock, err := lock(ctx, filepath.Join(objects, "lock"))
	if err != nil {
		return fmt.Errorf("build the emulator: %w", err)
	}
	defer unlock()
	args := append([]string{"--no-print-directory", "-s", "-C", source, "OUT=" + dir, "OBJ=" + objects, "SAN=" + o.Sanitizer}, o.Targets...)
	cmd := exec.CommandContext(ctx, "make", args...)
	// A make around us must not hand down its flags or its job server.
	cmd.Env = append(os.Environ(), "MFLAGS=", "MAKELEVEL=0", fmt.Sprintf("MAKEFLAGS=-j%d", runtime.NumCPU()))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build the emulator: %w\n%s", err, out.Bytes())
	}
	return nil
}

// built is the folder of the libraries that make has built, "" when it has not built all of them.
func built() string {
	bin := os.Getenv("SCOPELOG_BIN")
	if bin == "" {
		return ""
	}
	dir := filepath.Join(bin, "emulator")
	for _, family := range Families {
		if _, err := os.Stat(filepath.Join(dir, "lib"+family+".so.2")); err != nil {
			return ""
		}
	}
	return dir
}

var shared struct {
	once sync.Once
	dir  string
	err  error
}

// Libraries returns a folder with the libraries of this source tree: those of the built programs where the environment
// variable SCOPELOG_BIN names their folder, else libraries built at the first call in a process. These stay, in the source
// tree's build/, so that the next process only builds what has changed.
func Libraries(ctx context.Context) (string, error) {
	shared.once.Do(func() {
		if shared.dir = built(); shared.dir != "" {
			return
		}
		source, err := Source()
		if err != nil {
			shared.err = err
			return
		}
		shared.dir = filepath.Join(filepath.Dir(source), "build", "emulator", "lib")
		shared.err = Build(ctx, shared.dir, Options{})
	})
	return shared.dir, shared.err
}
