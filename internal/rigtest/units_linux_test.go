package rigtest

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// TestUnitsBySerial records from two units of three of one family, named in another order than the library lists them: each recording is of
// the unit that the plan names, and says so, with its power and its probe.
func TestUnitsBySerial(t *testing.T) {
	t.Parallel()
	unit := func(serial, power string) string {
		return fmt.Sprintf("[unit %s]\nmodel = 5444D\npower = %s\nchannel A = proof\nchannel B = proof\n\n", serial, power)
	}
	l := newLab(t, unit("MANY/1", "supply")+unit("MANY/2", "supply")+unit("MANY/3", "usb"))
	probed := device("usb", "ps5000a", "MANY/3", "  channel \"A\" {\n    range = \"10V\"\n    probe = \"x10\"\n  }\n  stream { sample_rate = \"100kS/s\" }")
	sum := l.record(planOf("samples = 20000", probed, scope("supply", "ps5000a", "MANY/2", "AB", "100kS/s")))
	l.proven(sum.Dir) // the proof signal holds the serial
	for _, s := range l.open(sum.Dir).Streams() {
		g := s.Global()
		want := map[string]string{"usb": "MANY/3", "supply": "MANY/2"}[g.Device]
		if g.Serial != want {
			t.Errorf("%s is of unit %s, want %s", s.Name(), g.Serial, want)
		}
		if g.Device == "usb" && (g.Probe == nil || *g.Probe != 10 || g.Range == nil || g.Range[1] < 9.9 || g.Range[1] > 10.1) {
			t.Errorf("%s: probe %v, range %v", s.Name(), g.Probe, g.Range)
		}
	}
	var resolved struct {
		Devices []struct {
			Name    string
			Power   string
			Applied struct{ Power string }
		}
	}
	if err := json.Unmarshal([]byte(l.file(sum.Dir, recording.FileResolved)), &resolved); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"usb", "supply"} {
		if d := resolved.Devices[i]; d.Name != want || d.Power != "auto" || d.Applied.Power != want {
			t.Errorf("the resolved plan says %+v, want power auto and applied %s", d, want)
		}
	}
	l.goodUse("MANY/2", "MANY/3")
	if used, err := l.rig.Truth("MANY/1"); err == nil {
		for _, e := range used {
			if e.Name == "start" {
				t.Error("the unit that the plan does not name was started")
			}
		}
	}
}

// TestFlashAndPing finds units of every family by their serial and lets them flash; a unit that records is left alone.
func TestFlashAndPing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, mixed(), strings.Replace(deskPlan, "  duration = \"300ms\"\n", "", 1), "SCOPELOG_LIBRARY=emulated")
	for _, serial := range mixedUnits {
		if out := d.run(0, "devices", "ping", serial); !strings.Contains(out, serial) || !strings.Contains(out, "it answers") {
			t.Errorf("ping %s: %s", serial, out)
		}
		if out := d.run(0, "devices", "flash", serial, "--for", "1ms"); !strings.Contains(out, "its light flashes") {
			t.Errorf("flash %s: %s", serial, out)
		}
		log := read(t, filepath.Join(d.work, "rig", strings.ReplaceAll(serial, "/", "_"), "truth.log"))
		for _, call := range []string{"FlashLed ", "PingUnit "} {
			if !strings.Contains(log, call) {
				t.Errorf("%s: the library was not asked for %s", serial, call)
			}
		}
	}
	if out := d.run(4, "devices", "ping", "MIX/55"); !strings.Contains(out, "did you mean MIX/54?") {
		t.Errorf("a slip: %s", out)
	}
	if out := d.run(4, "devices", "flash", "MIX/54", "--driver", "ps2000a"); !strings.Contains(out, "MIX/54") {
		t.Errorf("the wrong driver: %s", out)
	}

	run := exec.CommandContext(t.Context(), logger, "run", "plan.hcl")
	run.Dir, run.Env = d.work, d.env
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	dir := ""
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if found, _ := filepath.Glob(filepath.Join(d.work, "recordings", "desk-*", "control.sock")); len(found) == 1 {
			dir = filepath.Dir(found[0])
			if out, err := d.output("status", dir); err == nil && strings.Contains(out, "MIX/54") {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("the run does not record")
		}
	}
	if out := d.run(4, "devices", "flash", "MIX/54"); !strings.Contains(out, "in use by run") {
		t.Errorf("a unit that records: %s", out)
	}
	d.run(0, "stop", dir)
	if err := run.Wait(); err != nil {
		t.Errorf("the run that was not to be disturbed: %v", err)
	}
}

// output runs the command, whatever comes of it.
func (d *desk) output(args ...string) (string, error) {
	cmd := exec.CommandContext(d.t.Context(), logger, args...)
	cmd.Dir, cmd.Env = d.work, d.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}
