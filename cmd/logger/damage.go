package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/recording"
)

// tellDamage warns of what was found damaged when a recording was opened, and returns what makes the exit code that of damage, nil where there is none.
// Samples that files have lost are told of by whoever meets them, and only then.
func (a *app) tellDamage(r *recording.Recording) error {
	var err error
	for _, p := range r.Problems() {
		if errors.As(p, new(*recording.MissingError)) {
			continue
		}
		a.warn("%v; %s verify says more", p, a.name)
		err = quiet(causeDamage, "damage found")
	}
	return err
}

// diskFull tells that an error is one of too little room, or of a limit of the size of files.
func diskFull(err error) bool { return recording.NoSpace(err) || errors.Is(err, syscall.EFBIG) }

// diskFailure adds to an error where room was missing, and how much, as far as that is known, and what can be done; nil: it is another error.
func diskFailure(err error) error {
	if !diskFull(err) {
		return nil
	}
	advice := "nothing incomplete was left behind; make room, or choose a folder on another disk"
	if we := new(analyze.WriteError); errors.As(err, &we) {
		advice = fmt.Sprintf("nothing incomplete was left behind; make room on the disk of %s, or choose a folder on another one", filepath.Dir(we.Path))
		if we.Needs > 0 {
			advice = fmt.Sprintf("about %s are needed, of which %s were written; %s", formatBytes(we.Needs), formatBytes(we.Bytes), advice)
		}
	}
	if errors.Is(err, syscall.EFBIG) {
		advice = "no file may be as large here: ulimit -f raises the limit, where it is not one of the file system; nothing incomplete was left behind"
	}
	return &failure{cause: causeDisk, err: err, advice: advice}
}
