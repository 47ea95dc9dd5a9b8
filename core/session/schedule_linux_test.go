package session

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// fakeSchedule counts how often it was told to stop.
type fakeSchedule struct{ stops atomic.Int64 }

func (f *fakeSchedule) StopSchedule() { f.stops.Add(1) }
func (f *fakeSchedule) ScheduleStatus() ScheduleStatus {
	return ScheduleStatus{FormatVersion: ControlVersion, Name: "soak", PID: os.Getpid(), State: ScheduleWaiting, Recordings: 3}
}

func TestServeSchedule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, folder string }{
		{"beside the recordings", "out"},
		{"in a path that is too long for sockets", strings.Repeat("long", 30)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			runtime, err := os.MkdirTemp("", "slt-")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.RemoveAll(runtime) })
			output := filepath.Join(runtime, c.folder)
			ctx := t.Context()
			if _, err := ControlSchedule(ctx, output, "soak", OpStatus); !errors.Is(err, ErrNotRunning) {
				t.Errorf("asked before it is there: %v", err)
			}
			f := &fakeSchedule{}
			v, err := ServeSchedule(output, "soak", runtime, f)
			if err != nil {
				t.Fatal(err)
			}
			if st, err := ControlSchedule(ctx, output, "soak", OpStatus); err != nil || st.Recordings != 3 {
				t.Errorf("status %+v, %v", st, err)
			}
			if _, err := ServeSchedule(output, "soak", runtime, f); !errors.Is(err, ErrScheduled) {
				t.Errorf("a second one of the name: %v", err)
			}
			if list, err := FindSchedules(ctx, output); err != nil || len(list) != 1 || list[0].Name != "soak" {
				t.Errorf("found %v, %v", list, err)
			}
			if _, err := ControlSchedule(ctx, output, "soak", OpMark); err == nil || errors.Is(err, ErrNotRunning) {
				t.Errorf("mark: %v", err)
			}
			if _, err := ControlSchedule(ctx, output, "soak", OpStop); err != nil || f.stops.Load() != 1 {
				t.Errorf("stop: %v, told %d times", err, f.stops.Load())
			}
			for range 2 {
				if err := v.Close(); err != nil {
					t.Error(err)
				}
			}
			left, err := filepath.Glob(filepath.Join(runtime, "*", "*"))
			if err != nil || len(left) != 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
			if list, err := FindSchedules(ctx, output); err != nil || len(list) != 0 {
				t.Errorf("found %v, %v after its end", list, err)
			}
		})
	}
}

// TestServeScheduleAfterACrash: what a killed process left behind is in nobody's way.
func TestServeScheduleAfterACrash(t *testing.T) {
	t.Parallel()
	output, err := os.MkdirTemp("", "slt-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(output) })
	path := filepath.Join(output, "soak.schedule.sock")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	for _, text := range []string{`{"format_version":"1.0","name":"soak","pid":1,"control":"soak.schedule.sock"}`, "", "{", `{"control":"/no/such/socket"}`} {
		if err := os.WriteFile(filepath.Join(output, "soak"+scheduleExt), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ControlSchedule(t.Context(), output, "soak", OpStatus); !errors.Is(err, ErrNotRunning) {
			t.Errorf("%q: %v", text, err)
		}
		v, err := ServeSchedule(output, "soak", output, &fakeSchedule{})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestServeScheduleHostile sends what no client sends.
func TestServeScheduleHostile(t *testing.T) {
	t.Parallel()
	output, err := os.MkdirTemp("", "slt-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(output) })
	v, err := ServeSchedule(output, "soak", output, &fakeSchedule{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, text := range []string{"\n", "null\n", "[]\n", "{\"op\":7}\n", strings.Repeat("x", 2*maxRequest) + "\n"} {
		conn, err := net.Dial("unix", filepath.Join(output, "soak.schedule.sock"))
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(controlTimeout)); err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(text)) // it may be cut off half-way
		answer := make([]byte, 4096)
		n, _ := conn.Read(answer)
		if strings.Contains(string(answer[:n]), `"ok":true`) {
			t.Errorf("%.20q was taken: %s", text, answer[:n])
		}
		conn.Close()
	}
	if st, err := ControlSchedule(context.Background(), output, "soak", OpStatus); err != nil || st.Name != "soak" {
		t.Errorf("afterwards: %+v, %v", st, err)
	}
}
