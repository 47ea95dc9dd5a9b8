//go:build !linux

package shmring

import (
	"errors"
	"os"
	"testing"
)

func TestNotSupportedHere(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	must(t, err)
	defer f.Close()
	for name, call := range map[string]func() error{
		"create":   func() error { _, err := Create(spec16(1, Granule, 64)); return err },
		"producer": func() error { _, err := AttachProducer(f); return err },
		"observer": func() error { _, err := AttachObserver(f); return err },
		"inspect":  func() error { _, err := Inspect(f); return err },
		"handover": func() error { _, _, err := NewHandover(); return err },
	} {
		if err := call(); !errors.Is(err, ErrNotSupported) {
			t.Errorf("%s: %v, want ErrNotSupported", name, err)
		}
	}
}
