package session

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/recording"
)

// killOrphan ends the plugin of a device whose core has died.
func (l *lab) killOrphan(device string) {
	l.t.Helper()
	orphan := func() (int, bool) {
		list := l.host.Orphans([]string{"sim"})
		i := slices.IndexFunc(list, func(o host.Orphan) bool { return o.Device == device })
		if i < 0 {
			return 0, false
		}
		return list[i].PID, true
	}
	pid, ok := orphan()
	for end := time.Now().Add(time.Minute); !ok; pid, ok = orphan() { // others look at its folder too, which then looks like one that is used
		if time.Now().After(end) {
			l.t.Fatal("there is no plugin of the device")
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		l.t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); ok; _, ok = orphan() {
		if time.Now().After(end) {
			l.t.Fatal("the plugin lives on")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestAdoptWithoutAnother: a device that is away when the run goes on, whether it has to be there or not, does not end the one whose plugin has outlived the
// core, and is tried again like one whose plugin dies while it records.
func TestAdoptWithoutAnother(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, more string
		back       bool
	}{
		{"required and back", "", true},
		{"optional and back", "optional = true", true},
		{"given up", "restart {\n    give_up_after = \"300ms\"\n  }", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			away := strings.Replace(proof("unplugged", "GONE"), `device "unplugged" {`, "device \"unplugged\" {\n  "+c.more, 1)
			k := l.killCore(adoptable("1h")+proof("cell", "STAYS")+away, 20_000)
			l.killOrphan("unplugged")
			o := l.resumeOptions(k.dir)
			program := filepath.Join(l.plugins, "sim")
			if err := os.Rename(program, program+".away"); err != nil {
				t.Fatal(err)
			}
			s, err := Resume(context.Background(), k.dir, o)
			if err != nil {
				t.Fatal(err)
			}
			st := s.Status()
			if len(st.Devices) != 2 || st.Devices[0].PluginPID != k.plugin || st.Devices[1].PluginPID != 0 {
				t.Fatalf("devices %+v", st.Devices)
			}
			before := st.Devices[1]
			if c.back {
				l.until(s, func(st Status) bool { return st.Devices[1].State == stateRestarting && st.Devices[1].Error != "" })
				if err := os.Rename(program+".away", program); err != nil {
					t.Fatal(err)
				}
				l.until(s, func(st Status) bool {
					return st.Devices[1].State == stateRecording && st.Devices[1].Serial == before.Serial && st.Devices[1].Streams[0].Recorded > before.Streams[0].Recorded+10_000
				})
			} else {
				l.until(s, func(st Status) bool { return st.Devices[1].State == stateFailed })
			}
			at := s.Status().Devices[0].Streams[0].Recorded
			l.until(s, func(st Status) bool {
				return st.Devices[0].PluginPID == k.plugin && st.Devices[0].Streams[0].Recorded > at
			})
			s.Stop("stop")
			sum := l.wait(s)
			if len(sum.Devices) != 2 || sum.DeviceFailed == c.back || sum.Devices[0].Streams[0].Gaps != 0 || sum.Devices[1].Streams[0].Gaps != 1 || (sum.Devices[1].Error == "") != c.back {
				t.Errorf("summary %+v", sum)
			}
			rec, err := recording.Open(k.dir)
			if err != nil {
				t.Fatal(err)
			}
			events, err := rec.Events()
			if err != nil || !slices.ContainsFunc(events, func(e recording.Event) bool { return e.Kind == recording.EventRestart && e.Device == "unplugged" }) {
				t.Errorf("no event tells of it: %v, %+v", err, events)
			}
			if n := len(rec.Epochs("unplugged")); (n == 2) != c.back {
				t.Errorf("%d epochs", n)
			}
			for _, gap := range rec.Stream("unplugged.A").Gaps() {
				if lo, hi := gap.Bounds(); gap.Cause != recording.CauseCore || lo > gap.Lost || hi < gap.Lost || gap.Exact {
					t.Errorf("gap %+v", gap)
				}
			}
		})
	}
}

// TestAdoptLeavesOut: where nothing is known of how a device was set that is away, it is left out, and that is told.
func TestAdoptLeavesOut(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killCore(adoptable("1h")+proof("cell", "STAYS")+proof("unplugged", "GONE"), 20_000)
	l.killOrphan("unplugged")
	l.forgetKept(k.dir, "unplugged")
	o := l.resumeOptions(k.dir)
	if err := os.Remove(filepath.Join(l.plugins, "sim")); err != nil {
		t.Fatal(err)
	}
	s, err := Resume(context.Background(), k.dir, o)
	if err != nil {
		t.Fatal(err)
	}
	at := s.Status().Devices[0].Streams[0].Recorded
	l.until(s, func(st Status) bool {
		return len(st.Devices) == 1 && st.Devices[0].PluginPID == k.plugin && st.Devices[0].Streams[0].Recorded > at+10_000
	})
	s.Stop("stop")
	sum := l.wait(s)
	if len(sum.Devices) != 2 || !sum.DeviceFailed || sum.Devices[0].Streams[0].Gaps != 0 || sum.Devices[1].Streams[0].Gaps != 1 || sum.Devices[1].Error == "" {
		t.Errorf("summary %+v", sum)
	}
	if !slices.ContainsFunc(recordedEvents(k.dir), func(e recording.Event) bool { return e.Kind == recording.EventWarning && e.Device == "unplugged" }) {
		t.Error("no event tells of it")
	}
}

// forgetKept removes what a run's dead core had kept of a device.
func (l *lab) forgetKept(dir, device string) {
	l.t.Helper()
	run := strings.ReplaceAll(l.runFile(dir).Run, "-", "")
	paths, err := filepath.Glob(filepath.Join(filepath.Dir(l.host.StateDir()), "scopelog-*", "*", "plugin.json"))
	if err != nil {
		l.t.Fatal(err)
	}
	for _, path := range paths {
		var r host.Record
		b, err := os.ReadFile(path)
		if err != nil || json.Unmarshal(b, &r) != nil || r.RunID != run || r.Device != device {
			continue
		}
		if err := os.Remove(filepath.Join(filepath.Dir(path), "device.json")); err != nil {
			l.t.Fatal(err)
		}
		return
	}
	l.t.Fatal("the plugin has no record")
}
