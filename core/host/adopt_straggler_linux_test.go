package host

import (
	"syscall"
	"testing"
	"time"
)

// TestTakeOverWithoutStraggler: a plugin that does not answer does not hold those up that do; it is killed, and its folder is gone.
func TestTakeOverWithoutStraggler(t *testing.T) {
	t.Parallel()
	run := [16]byte{5, 4, 3}
	base := shortDir(t)
	first := New(Options{Dirs: []string{pluginDir(t, "fake")}, RunID: run, Runtime: base, Environ: []string{envFake + "=1"}})
	var list []*Instance
	for _, device := range []string{"stopped", "cell", "other"} {
		in, err := first.Start(t.Context(), "fake", StartOptions{Device: device, Orphan: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, in)
	}
	if err := syscall.Kill(list[0].Pid(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	die(t, first)
	const limit = 15 * time.Second
	last := New(Options{Dirs: first.o.Dirs, RunID: [16]byte{10: 60}, Runtime: base, Environ: first.o.Environ, Timeout: limit})
	last.straggler = 3 * time.Second
	last.WorkFor(run)
	begun := time.Now()
	taken, err := last.TakeOver(t.Context(), run)
	if took := time.Since(begun); len(taken) != 2 || err == nil || took >= limit {
		t.Errorf("%d plugins after %v, %v", len(taken), took, err)
	}
	for _, in := range taken {
		if in.Device() == "stopped" {
			t.Error("the plugin that does not answer was taken over")
		}
	}
	select {
	case <-list[0].Done():
	case <-time.After(20 * time.Second):
		t.Error("the plugin that does not answer lives on")
	}
	if err := last.Close(); err != nil {
		t.Error(err)
	}
}
