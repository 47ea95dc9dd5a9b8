package rigtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/internal/leftover"
	"github.com/scopelog/scopelog/recording"
)

// patience is how long a test waits for what should come at once: the machine may be busy.
const patience = 60 * time.Second

// lab is what one test records with: a rig of its own, and a host for plugins that use it.
type lab struct {
	t    *testing.T
	rig  *emulator.Rig
	host *host.Host
	id   [16]byte
	out  string
	log  hclog.Logger
	// lines is what was logged.
	lines *logLines
}

// newLab makes a lab of a rig with the text of a rig.conf. Variables of the environment may be added for the plugins.
func newLab(t *testing.T, conf string, env ...string) *lab {
	t.Helper()
	rig, err := emulator.NewRig(t.TempDir(), conf)
	if err != nil {
		t.Fatal(err)
	}
	return labWith(t, rig, pluginDir, env...)
}

// labWith makes a lab of a rig that is there, and of a folder of plugins.
func labWith(t *testing.T, rig *emulator.Rig, plugins string, env ...string) *lab {
	t.Helper()
	id, err := session.NewRunID()
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{t: t, rig: rig, id: id, out: t.TempDir(), lines: &logLines{}}
	l.log = hclog.NewInterceptLogger(&hclog.LoggerOptions{Output: l.lines, Level: hclog.Debug})
	l.host = host.New(host.Options{Logger: l.log, Dirs: []string{plugins}, RunID: id, Environ: append(environ(rig), env...)})
	t.Cleanup(func() {
		if err := l.host.Close(); err != nil {
			t.Error(err)
		}
		l.nothingIsLeft()
		if t.Failed() {
			t.Logf("the log:\n%s", l.lines.text())
		}
	})
	return l
}

// nothingIsLeft checks that all that the lab's runs had is gone: the plugins and what they had started, the host's folder with the sockets,
// temporary files. The rings, of which all labs of the process have some, are counted at its end.
func (l *lab) nothingIsLeft() {
	l.t.Helper()
	if left := leftover.Processes(l.rig.Env(), 10*time.Second); len(left) != 0 {
		l.t.Errorf("processes are left: %v", left)
	}
	if _, err := os.Lstat(l.host.StateDir()); !errors.Is(err, fs.ErrNotExist) {
		l.t.Errorf("the host's folder is left: %v", err)
	}
	if left, err := leftover.Files(l.out); err != nil || len(left) != 0 {
		l.t.Errorf("files are left: %v, %v", left, err)
	}
}

// environ is the environment of programs that use a rig, without what the user has set for this program.
func environ(rig *emulator.Rig) []string {
	env := []string{rig.Env(), "SCOPELOG_EMULATOR=" + emulatorDir}
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "SCOPELOG_") {
			env = append(env, kv)
		}
	}
	return env
}

// logLines keeps the log, to be shown when a test fails.
type logLines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logLines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// planOf is a plan of devices that ends by itself: limit is an attribute of run.
func planOf(limit string, devices ...string) string {
	return `
variable "out" {}

run "test" {
  output = var.out
  ` + limit + `
  sync   = "200ms"
  disk { keep_free = "1MiB" }
}
` + strings.Join(devices, "\n")
}

// device is a device on its emulated library, with what stands in its block.
func device(name, driverName, serial, body string) string {
	library := "library = \"emulated\"\n"
	if driverName == "sim" {
		library = ""
	}
	return fmt.Sprintf("device %q {\n  driver = %q\n  serial = %q\n  %s%s\n}\n", name, driverName, serial, library, body)
}

func (l *lab) parse(text string) (*plan.Plan, hcl.Diagnostics) {
	return plan.Parse([]byte(text), "plan.hcl", plan.Options{
		Vars: map[string]string{"out": l.out}, Ready: []plan.Feature{plan.FeatureEvents},
		Describe: func(name string) (driver.Description, error) { return l.host.Describe(context.Background(), name) },
	})
}

// options are those of a run of a plan without mistakes.
func (l *lab) options(source string) session.Options {
	l.t.Helper()
	p, diags := l.parse(source)
	if diags.HasErrors() {
		l.t.Fatalf("%v\n%s", diags, places(diags))
	}
	return session.Options{Plan: p, Host: l.host, Logger: l.log, Program: "scopelog test", RunID: l.id}
}

// told is what a user is told of an error: places in the plan, what to write instead, advice.
func told(err error) string {
	var b strings.Builder
	for _, e := range errorsIn(err) {
		fmt.Fprintf(&b, "error: %v\n%s", e, places(e.Diags))
		if e.Advice != "" {
			fmt.Fprintf(&b, "advice: %s\n", e.Advice)
		}
	}
	return b.String()
}

// errorsIn lists the errors of all devices.
func errorsIn(err error) []*session.Error {
	var e *session.Error
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var list []*session.Error
		for _, one := range many.Unwrap() {
			list = append(list, errorsIn(one)...)
		}
		return list
	}
	if errors.As(err, &e) {
		return []*session.Error{e}
	}
	return nil
}

// places writes diagnostics with their places.
func places(diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%v: %s\n  %s\n", d.Subject, d.Summary, d.Detail)
	}
	return b.String()
}

func (l *lab) start(text string) *session.Session {
	l.t.Helper()
	s, err := session.Start(l.t.Context(), l.options(text))
	if err != nil {
		l.t.Fatalf("%v\n%s", err, told(err))
	}
	return s
}

// wait waits for the end of a run.
func (l *lab) wait(s *session.Session) *session.Summary {
	l.t.Helper()
	type end struct {
		sum *session.Summary
		err error
	}
	ended := make(chan end, 1)
	go func() {
		sum, err := s.Wait()
		ended <- end{sum, err}
	}()
	select {
	case e := <-ended:
		if e.err != nil {
			l.t.Fatal(e.err)
		}
		return e.sum
	case <-time.After(2 * patience):
		s.Abort()
		l.t.Fatal("the run does not end")
		return nil
	}
}

// record carries a plan out.
func (l *lab) record(text string) *session.Summary {
	l.t.Helper()
	return l.wait(l.start(text))
}

// refused is the error of a plan that must not start.
func (l *lab) refused(text string) *session.Error {
	l.t.Helper()
	s, err := session.Start(l.t.Context(), l.options(text))
	if err == nil {
		s.Abort()
		l.wait(s)
		l.t.Fatalf("the plan is carried out:\n%s", text)
	}
	var e *session.Error
	if !errors.As(err, &e) {
		l.t.Fatalf("an error without a class: %v", err)
	}
	return e
}

// until waits for a state of the run.
func (l *lab) until(s *session.Session, what string, ok func(session.Status) bool) {
	l.t.Helper()
	for end := time.Now().Add(patience); !ok(s.Status()); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			s.Abort()
			l.t.Fatalf("it never comes that %s: %+v", what, s.Status())
		}
	}
}

// open reads a recording, after a check of all that can be checked without knowing the signals.
func (l *lab) open(dir string) *recording.Recording {
	l.t.Helper()
	if rep := l.verify(dir, false); !rep.OK() {
		l.t.Errorf("verify: %v, damage %v", rep.Problems, rep.Damage())
	}
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	return rec
}

func (l *lab) verify(dir string, proof bool) recording.Report {
	l.t.Helper()
	rep, err := recording.Verify(l.t.Context(), dir, recording.VerifyOptions{Proof: proof})
	if err != nil {
		l.t.Fatal(err)
	}
	return rep
}

// proven checks a recording of the proof signal: every sample of every stream is the right one.
func (l *lab) proven(dir string) {
	l.t.Helper()
	rep := l.verify(dir, true)
	if !rep.OK() {
		damage := rep.Damage()
		l.t.Errorf("verify: %v, %d damaged ranges: %v", rep.Problems, len(damage), damage[:min(3, len(damage))])
	}
	if len(rep.Streams) == 0 {
		l.t.Error("no streams")
	}
	for _, s := range rep.Streams {
		if s.Proven != s.Samples || s.Samples == 0 {
			l.t.Errorf("%s: %d of %d samples are proven", s.Name, s.Proven, s.Samples)
		}
	}
}

// goodUse checks that the library of each unit was used as its maker demands.
func (l *lab) goodUse(serials ...string) {
	l.t.Helper()
	found, err := l.rig.Misuses(serials...)
	if err != nil || len(found) != 0 {
		l.t.Errorf("misuse of the library: %v, %v", found, err)
	}
}

// truth is the newest event of a name in a unit's truth log.
func (l *lab) truth(serial, event string) emulator.Event {
	l.t.Helper()
	events, err := l.rig.Truth(serial)
	if err != nil {
		l.t.Fatal(err)
	}
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Name == event {
			return events[i]
		}
	}
	l.t.Fatalf("%s: no event %q in the truth log", serial, event)
	return emulator.Event{}
}

// meets waits until a unit tells of an event.
func (l *lab) meets(s *session.Session, serial, event string) {
	l.t.Helper()
	l.until(s, serial+" tells of "+event, func(session.Status) bool {
		events, err := l.rig.Truth(serial)
		if err != nil {
			l.t.Fatal(err)
		}
		return slices.ContainsFunc(events, func(e emulator.Event) bool { return e.Name == event })
	})
}

// number is a field of an event.
func (l *lab) number(e emulator.Event, key string) int64 {
	l.t.Helper()
	v, err := e.Uint(key)
	if err != nil {
		l.t.Fatal(err)
	}
	return int64(v)
}

// deviceOf is the status of one device.
func deviceOf(st session.Status, name string) session.DeviceStatus {
	for _, d := range st.Devices {
		if d.Name == name {
			return d
		}
	}
	return session.DeviceStatus{}
}

// ended is how one device ended.
func ended(sum *session.Summary, name string) session.DeviceSummary {
	for _, d := range sum.Devices {
		if d.Name == name {
			return d
		}
	}
	return session.DeviceSummary{}
}

// file is a file of a recording.
func (l *lab) file(dir, name string) string {
	l.t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		l.t.Fatal(err)
	}
	return string(b)
}
