package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

// environment is what all trials share.
type environment struct {
	programs stage.Programs
	keep     bool  // also the folders of trials that went well
	disk     int64 // bytes that long recordings may take
}

// programsIn finds the built programs in a folder.
func programsIn(bin string) (stage.Programs, error) {
	bin, err := filepath.Abs(bin)
	p := stage.Programs{Logger: filepath.Join(bin, "logger"), Plugins: filepath.Join(bin, "plugins"), Emulator: filepath.Join(bin, "emulator")}
	for _, path := range []string{p.Logger, filepath.Join(p.Plugins, "sim"), filepath.Join(p.Emulator, "libps5000a.so.2")} {
		if err == nil {
			_, err = os.Stat(path)
		}
	}
	if err != nil {
		return p, fmt.Errorf("the built programs: %w; run make first", err)
	}
	return p, nil
}

// tools says which of the programs are not there; nil: all are.
func tools(names ...string) error {
	for _, n := range names {
		if _, err := exec.LookPath(n); err != nil {
			return fmt.Errorf("it needs the program %s", n)
		}
	}
	return nil
}

// root says that a kind is for root only.
func root() error {
	if os.Geteuid() != 0 {
		return fmt.Errorf("it needs root")
	}
	return nil
}
