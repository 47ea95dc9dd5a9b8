package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// goodSystem is a machine without anything to complain about.
func goodSystem() systemFacts {
	return systemFacts{
		Supported: true, Release: "Linux 6.1", MemoryFree: 8 << 30, MemoryLimit: -1, FilesLimit: 1024,
		ClockState: "synchronised", ClockError: 0.0005,
	}
}

func TestSystemChecks(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*systemFacts)
		check  string
		want   string
	}{
		{"good", func(*systemFacts) {}, "system", checkOK},
		{"good clock", func(*systemFacts) {}, "clock", checkOK},
		{"good memory", func(*systemFacts) {}, "memory", checkOK},
		{"other system", func(f *systemFacts) { f.Supported = false }, "system", checkFail},
		{"no shared memory", func(f *systemFacts) { f.SharedMemory = errors.New("not allowed") }, "shared memory", checkFail},
		{"no process handles", func(f *systemFacts) { f.ProcessHandle = errors.New("not known") }, "process handles", checkFail},
		{"little memory", func(f *systemFacts) { f.MemoryFree = 100 << 20 }, "memory", checkWarn},
		{"little memory allowed", func(f *systemFacts) { f.MemoryLimit = 100 << 20 }, "memory", checkWarn},
		{"unknown memory", func(f *systemFacts) { f.MemoryFree = -1 }, "memory", checkOK},
		{"few files", func(f *systemFacts) { f.FilesLimit = 64 }, "open files", checkWarn},
		{"clock not synchronised", func(f *systemFacts) { f.ClockState = "unsynchronised" }, "clock", checkWarn},
		{"clock unknown", func(f *systemFacts) { f.ClockState = "unknown" }, "clock", checkNote},
		{"laptop", func(f *systemFacts) { f.Battery = true }, "sleep", checkNote},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := goodSystem()
			tc.change(&f)
			for _, c := range systemChecks(f) {
				if c.Name != tc.check {
					continue
				}
				if c.Result != tc.want {
					t.Errorf("%s is %q, want %q", c.Name, c.Result, tc.want)
				}
				if (c.Result == checkWarn || c.Result == checkFail) && len(c.Advice) == 0 {
					t.Errorf("%s says nothing to do", c.Name)
				}
				return
			}
			t.Errorf("no check %s", tc.check)
		})
	}
}

func TestOutputCheck(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, "file", "")
	for _, tc := range []struct {
		name, folder string
		fails        bool
	}{
		{"there", dir, false},
		{"to be made", filepath.Join(dir, "a", "b"), false},
		{"a file", file, true},
		{"below a file", filepath.Join(file, "runs"), true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := outputCheck(tc.folder)
			if (c.Result == checkFail) != tc.fails {
				t.Errorf("%s: %s", c.Result, c.Text)
			}
			if _, err := os.Stat(filepath.Join(dir, "a")); err == nil {
				t.Error("the check made the folder")
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("the check left %s", left[0].Name())
			}
		})
	}
	t.Run("not allowed", func(t *testing.T) {
		if os.Geteuid() == 0 {
			t.Skip("the super-user may write everywhere")
		}
		locked := t.TempDir()
		if err := os.Chmod(locked, 0o500); err != nil {
			t.Fatal(err)
		}
		if c := outputCheck(locked); c.Result != checkFail {
			t.Errorf("%s: %s", c.Result, c.Text)
		}
	})
}
