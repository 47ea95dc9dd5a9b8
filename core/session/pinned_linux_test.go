package session

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/core/host"
)

// pinned makes the lab's host one that starts only what is in the lab's folder now.
func (l *lab) pinned() (lockFile string) {
	l.t.Helper()
	lockFile = filepath.Join(l.t.TempDir(), "plugins.lock")
	if _, err := host.Pin(lockFile, []host.Plugin{{Name: "sim", Path: filepath.Join(l.plugins, "sim")}}); err != nil {
		l.t.Fatal(err)
	}
	lock, err := host.ReadLock(lockFile)
	if err != nil {
		l.t.Fatal(err)
	}
	h := host.New(host.Options{Logger: l.log, Dirs: []string{l.plugins}, RunID: l.id, Lock: lock, Sandbox: host.SandboxAuto})
	l.t.Cleanup(func() {
		if err := h.Close(); err != nil {
			l.t.Error(err)
		}
	})
	l.host = h
	return lockFile
}

// TestExchangedPlugin replaces a pinned plugin's file while it records, by one that would work as well, and kills the plugin:
// the file is not started again, whatever it is, and the run tells why. The device beside it, whose
// plugin goes on, loses nothing. When the right file is back, the device records again.
func TestExchangedPlugin(t *testing.T) {
	t.Parallel()
	for _, back := range []bool{false, true} {
		t.Run(fmt.Sprintf("put back %v", back), func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			file := filepath.Join(l.plugins, "sim")
			right, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			exchange := func(text []byte) {
				t.Helper()
				if err := os.WriteFile(file+".new", text, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.Rename(file+".new", file); err != nil {
					t.Fatal(err)
				}
			}
			lockFile := l.pinned()
			length := "4s"
			if back {
				length = "8s"
			}
			text := strings.Replace(header, `"1s"`, `"`+length+`"`, 1) + proof("good", "GOOD") + proof("bad", "PINNED")
			s, err := Start(context.Background(), l.options(text))
			if err != nil {
				t.Fatal(err)
			}
			l.until(s, func(st Status) bool { return device0(st, "bad").Streams[0].Recorded > 20_000 })
			exchange(append(right[:len(right):len(right)], 0)) // it would run as well
			pid := device0(s.Status(), "bad").PluginPID
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			l.until(s, func(st Status) bool {
				return strings.Contains(device0(st, "bad").Error, "is not the file that was pinned")
			})
			if back {
				exchange(right)
				l.until(s, func(st Status) bool { return device0(st, "bad").Restarts == 1 })
			}
			sum := l.wait(s)
			good, bad := sum.Devices[0], sum.Devices[1]
			if st := good.Streams[0]; st.Lost != 0 || st.Gaps != 0 {
				t.Errorf("the good device: %+v", st)
			}
			if st := bad.Streams[0]; st.Recorded+st.Lost != good.Streams[0].Recorded || st.Gaps != 1 || st.Lost == 0 {
				t.Errorf("the bad device: %+v", st)
			}
			epochs, code := 1, ExitDevice
			if back {
				epochs, code = 2, ExitLoss
			}
			if n := len(l.runFile(sum.Dir).Device("bad").Epochs); n != epochs || sum.ExitCode(false) != code {
				t.Errorf("%d epochs, exit code %d", n, sum.ExitCode(false))
			}
			if !back {
				for _, want := range []string{file, lockFile, "is not the file that was pinned: its checksum is "} {
					if !strings.Contains(bad.Error, want) {
						t.Errorf("the summary tells %q, without %q", bad.Error, want)
					}
				}
			}
		})
	}
}
