package emulator_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/emulator"
)

func newRig(t *testing.T, conf string) *emulator.Rig {
	t.Helper()
	r, err := emulator.NewRig(filepath.Join(t.TempDir(), "rig"), conf)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestStateFiles(t *testing.T) {
	r := newRig(t, "[unit A/1]\nmodel = 2406B\n")
	steps := []struct {
		name, file, want string
		do               func() error
	}{
		{"conf", "../rig.conf", "[unit A/1]\nmodel = 2406B\n", func() error { return nil }},
		{"unplug", "plugged", "0\n", func() error { return r.Unplug("A/1") }},
		{"plug", "plugged", "1\n", func() error { return r.Plug("A/1") }},
		{"power", "power", "undervoltage\n", func() error { return r.SetPower("A/1", emulator.Undervoltage) }},
		{"faults", "faults", "crash call=1\nbusy\n", func() error { return r.SetFaults("A/1", "crash call=1", "busy") }},
		{"configure", "../rig.conf", "[rig]\n", func() error { return r.Configure("[rig]\n") }},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		got, err := os.ReadFile(filepath.Join(r.Dir(), "A_1", step.file))
		if err != nil && step.name != "conf" {
			t.Fatalf("%s: %v", step.name, err)
		}
		if step.name == "conf" {
			got, _ = os.ReadFile(filepath.Join(r.Dir(), "rig.conf"))
		}
		if diff := cmp.Diff(step.want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
	left, err := filepath.Glob(filepath.Join(r.Dir(), "*", ".new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files stay: %v %v", left, err)
	}
}

func TestTruth(t *testing.T) {
	cases := []struct {
		name, text string
		want       []emulator.Event
		fails      bool
	}{
		{"none", "", nil, false},
		{
			"a call", "t=1.500000000 pid=7 event=call function=ps5000aStop status=0x11A us=12\n",
			[]emulator.Event{{Time: 1500 * time.Millisecond, PID: 7, Name: "call", Fields: map[string]string{"function": "ps5000aStop", "status": "0x11A", "us": "12"}}},
			false,
		},
		{
			"quotes", "t=0.1 pid=7 event=misuse kind=handle text=\"a b=c\" n=\"\"\n",
			[]emulator.Event{{Time: 100 * time.Millisecond, PID: 7, Name: "misuse", Fields: map[string]string{"kind": "handle", "text": "a b=c", "n": ""}}},
			false,
		},
		{
			"torn last line", "t=1 pid=7 event=close\nt=2 pid=7 event=op",
			[]emulator.Event{{Time: time.Second, PID: 7, Name: "close", Fields: map[string]string{}}},
			false,
		},
		{"no time", "pid=7 event=close\n", nil, true},
		{"no process", "t=1 event=close\n", nil, true},
		{"no pair", "t=1 pid=7 event=close nonsense\n", nil, true},
		{"no closing quote", "t=1 pid=7 event=close text=\"x\n", nil, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, "")
			if c.text != "" {
				put(t, r.Path("A/1", "truth.log"), c.text)
			}
			got, err := r.Truth("A/1")
			if (err != nil) != c.fails {
				t.Fatalf("error %v, want one: %v", err, c.fails)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	e := emulator.Event{Fields: map[string]string{"status": "0x11A", "x": "y"}}
	if v, err := e.Uint("status"); v != 0x11A || err != nil {
		t.Errorf("status is %#x, %v", v, err)
	}
	if _, err := e.Uint("x"); !errors.Is(err, emulator.ErrNoField) {
		t.Errorf("x: %v", err)
	}
}

// TestTruthOfLongLogs: what was put aside comes before the present file.
func TestTruthOfLongLogs(t *testing.T) {
	r := newRig(t, "")
	put(t, r.Path("A/1", "truth.log"), "t=5 pid=7 event=e\n")
	put(t, r.Path("A/1", "truth.log.before"), "t=3 pid=7 event=c\nt=4 pid=7 event=d\n")
	put(t, r.Path("A/1", "truth.log.first"), "t=1 pid=7 event=a\n")
	events, err := r.Truth("A/1")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range events {
		names = append(names, e.Name)
	}
	if diff := cmp.Diff([]string{"a", "c", "d", "e"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCountersAndMisuses(t *testing.T) {
	r := newRig(t, "")
	if _, err := r.Counters("A/1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a unit never opened: %v", err)
	}
	b := binary.LittleEndian.AppendUint32(nil, 0x434D4553)
	b = binary.LittleEndian.AppendUint32(b, 1)
	for i := range uint64(20) {
		b = binary.LittleEndian.AppendUint64(b, 100+i)
	}
	put(t, r.Path("A/1", "counters"), string(b))
	got, err := r.Counters("A/1")
	if err != nil {
		t.Fatal(err)
	}
	want := emulator.Counters{
		Opens: 100, Calls: 101, Runs: 102, Running: true, RunStartNanosecond: 104, RunIntervalFs: 105, RunCounter: 106, RunRaw: 107,
		RunDelivered: 108, RunDropped: 109, TotalDelivered: 110, TotalDropped: 111, Misuse: [8]uint64{112, 113, 114, 115, 116, 117, 118, 119},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counters (-want +got):\n%s", diff)
	}
	put(t, filepath.Join(r.Dir(), "problems.log"), "mono=3.000000001 pid=4 event=misuse kind=handle text=\"x\"\nmono=3.2 pid=4 event=open status=0x3\n")
	found, err := r.Misuses("A/1", "NEVER")
	if err != nil {
		t.Fatal(err)
	}
	misuses := map[emulator.Misuse]uint64{
		emulator.Concurrent: 112, emulator.FromCallback: 113, emulator.BadHandle: 115, emulator.SmallBuffer: 115, emulator.FreedBuffer: 116,
		emulator.Opening: 117, emulator.Order: 118,
	}
	if diff := cmp.Diff(misuses, found); diff != "" {
		t.Errorf("misuses (-want +got):\n%s", diff)
	}
	put(t, r.Path("A/1", "counters"), string(b[:20]))
	if _, err := r.Counters("A/1"); !errors.Is(err, emulator.ErrCounters) {
		t.Errorf("a short file: %v", err)
	}
}

// TestLibraries: built once, complete, and found again without another build.
func TestLibraries(t *testing.T) {
	dir, err := emulator.Libraries(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range emulator.Families {
		link, err := os.Readlink(filepath.Join(dir, "lib"+family+".so"))
		if err != nil || link != "lib"+family+".so.2" {
			t.Errorf("lib%s.so leads to %q, %v", family, link, err)
		}
		if _, err := os.Stat(filepath.Join(dir, link)); err != nil {
			t.Error(err)
		}
	}
	again, err := emulator.Libraries(context.Background())
	if again != dir || err != nil {
		t.Errorf("the second call: %s, %v", again, err)
	}
}

func TestBuildTellsWhatTheCompilerSaid(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := emulator.Build(ctx, t.TempDir(), emulator.Options{Objects: t.TempDir()}); err == nil {
		t.Error("a build with an ended context succeeded")
	}
	err := emulator.Build(context.Background(), t.TempDir(), emulator.Options{Objects: t.TempDir(), Targets: []string{"nonsense"}})
	if err == nil || !cmp.Equal(true, len(err.Error()) > 40) {
		t.Errorf("an unknown target: %v", err)
	}
}
