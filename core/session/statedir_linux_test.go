package session

import (
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/core/host"
)

// TestStateDirGoesAway: the folder of the plugins' sockets and records is removed while a run goes on, as a logout does. A device that is lost later is
// started again all the same, and a later core finds what it needs to take it over.
func TestStateDirGoesAway(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(adoptable("30s") + proof("cell", "NODIR"))
	if err := os.Rename(l.host.StateDir(), filepath.Join(t.TempDir(), "gone")); err != nil { // at once: records are written meanwhile
		t.Fatal(err)
	}
	old := s.Status().Devices[0].PluginPID
	if err := syscall.Kill(old, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var now DeviceStatus
	l.until(s, func(st Status) bool {
		now = st.Devices[0]
		return now.Restarts > 0 && now.State == stateRecording
	})
	found, err := filepath.Glob(filepath.Join(l.host.StateDir(), "*", "plugin.json"))
	if err != nil || len(found) != 1 {
		t.Fatalf("records of plugins: %v, %v", found, err)
	}
	var r host.Record
	if b, err := os.ReadFile(found[0]); err != nil || json.Unmarshal(b, &r) != nil || r.PID != now.PluginPID || r.PID == old || len(r.Rings) == 0 {
		t.Errorf("on record is %+v, the device's plugin is %d: %v", r, now.PluginPID, err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(found[0]), "device.json")); err != nil {
		t.Error(err)
	}
	s.Stop("stop")
	l.wait(s)
}
