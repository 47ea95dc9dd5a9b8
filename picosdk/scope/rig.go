package scope

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// rigVariable is the environment variable that names the folder of the emulated units: docs/emulator.md.
const rigVariable = "SCOPELOG_RIG"

// rigAdvice says which file emulated units are taken from, and how another one is named. It finds the folder as the emulated libraries do.
func rigAdvice(getenv func(string) string) string {
	file := filepath.Join(rigFolder(getenv), "rig.conf")
	there := "Emulated units are those of " + file
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		there = fmt.Sprintf("There is no %s, so the emulated units are those of the default rig", file)
	}
	return there + "; " + rigVariable + " names the folder of rig.conf."
}

// rigProblems says where the mistakes of rig.conf are told.
func rigProblems(getenv func(string) string) string {
	folder := rigFolder(getenv)
	return fmt.Sprintf("%s may be wrong: %s says where.", filepath.Join(folder, "rig.conf"), filepath.Join(folder, "problems.log"))
}

// rigFolder is the folder that the variable names, else the user's private one.
func rigFolder(getenv func(string) string) string {
	if named := getenv(rigVariable); named != "" {
		if path, err := filepath.Abs(named); err == nil {
			return path
		}
		return named
	}
	if dir := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return filepath.Join(dir, "scopelog-emulator")
		}
	}
	return fmt.Sprintf("/tmp/scopelog-emulator-%d", os.Geteuid())
}
