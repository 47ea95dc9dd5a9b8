package session

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/recording"
)

// TestAdoptWithoutAnother: a device that has to be there and is away when the run goes on does not end the one whose plugin has outlived the core.
func TestAdoptWithoutAnother(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killCore(adoptable("1h")+proof("cell", "STAYS")+proof("unplugged", "GONE"), 20_000)
	orphan := func() (int, bool) {
		list := l.host.Orphans([]string{"sim"})
		i := slices.IndexFunc(list, func(o host.Orphan) bool { return o.Device == "unplugged" })
		if i < 0 {
			return 0, false
		}
		return list[i].PID, true
	}
	pid, ok := orphan()
	if !ok {
		t.Fatal("there is no plugin of the device")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); ok; _, ok = orphan() {
		if time.Now().After(end) {
			t.Fatal("the plugin lives on")
		}
		time.Sleep(5 * time.Millisecond)
	}
	o := l.resumeOptions(k.dir)
	gone := *o.Plan.Devices[1]
	gone.Driver = "nothere"
	o.Plan.Devices[1] = &gone
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
	rec, err := recording.Open(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	events, err := rec.Events()
	if err != nil || !slices.ContainsFunc(events, func(e recording.Event) bool { return e.Kind == recording.EventWarning && e.Device == "unplugged" }) {
		t.Errorf("no event tells of it: %v, %+v", err, events)
	}
}
