package main

import (
	"os/exec"
	"testing"
	"time"
)

// helper is a program of the system that ends with its input, or skips the test on a system that has none.
func helper(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("there is no program %s here: %v", name, err)
	}
	return exec.Command(path, args...)
}

func TestSleepLock(t *testing.T) {
	t.Run("held until released", func(t *testing.T) {
		l := startSleepLock(helper(t, "cat"))
		if !l.held(10 * time.Millisecond) {
			t.Error("the lock is not held")
		}
		l.release()
		closed(t, l.ended, "the end of the helper")
		if l.held(time.Minute) {
			t.Error("the lock is held after its release")
		}
		l.release() // twice does no harm
	})
	t.Run("refused", func(t *testing.T) {
		l := startSleepLock(helper(t, "false"))
		if l.held(patience) {
			t.Error("the lock is held although it was refused")
		}
		l.release()
	})
	t.Run("a helper that does not end is killed", func(t *testing.T) {
		l := startSleepLock(helper(t, "sleep", "1000"))
		l.release()
		closed(t, l.ended, "the end of the helper")
	})
	t.Run("no such program", func(t *testing.T) {
		l := startSleepLock(exec.Command("/no/such/program"))
		if l.held(time.Minute) {
			t.Error("a lock that nobody holds is held")
		}
		l.release()
	})
	t.Run("not possible here", func(t *testing.T) {
		l := startSleepLock(nil)
		if l.held(time.Minute) {
			t.Error("a lock that nobody holds is held")
		}
		l.release()
	})
}
