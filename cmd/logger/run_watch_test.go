package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/session"
)

// fakeRun is a run that ends when it is told to.
type fakeRun struct {
	notices chan session.Notice
	stopped chan string
	aborted chan struct{}
	end     chan *session.Summary
	err     error
	calls   atomic.Int64

	undrained atomic.Int64
	hang      chan struct{} // the second and later calls of Status wait for it; nil: not
}

func newFakeRun() *fakeRun {
	return &fakeRun{
		notices: make(chan session.Notice, 8), stopped: make(chan string, 1), aborted: make(chan struct{}),
		end: make(chan *session.Summary, 1),
	}
}

func (f *fakeRun) Status() session.Status {
	if f.calls.Add(1) > 1 && f.hang != nil {
		<-f.hang
	}
	return session.Status{State: session.StateRecording, Left: -1, FreeDisk: -1, Devices: []session.DeviceStatus{
		{Name: "cell", State: "recording", Streams: make([]session.StreamStatus, 3)}, {
			Name: "gate", State: "recording",
			Streams: make([]session.StreamStatus, 1),
		},
	}}
}
func (f *fakeRun) Stop(reason string)              { f.stopped <- reason }
func (f *fakeRun) Abort()                          { close(f.aborted) }
func (f *fakeRun) Notices() <-chan session.Notice  { return f.notices }
func (f *fakeRun) Wait() (*session.Summary, error) { return <-f.end, f.err }
func (f *fakeRun) Dir() string                     { return "recordings/fake" }
func (f *fakeRun) Undrained() time.Duration        { return time.Duration(f.undrained.Load()) }

// watched is a call of watch that is going on.
type watched struct {
	run *fakeRun
	app *app
	out *output
	end chan error
	sum *session.Summary
}

func startWatch(t *testing.T, asJSON bool) *watched {
	t.Helper()
	return startWatchOf(t, newFakeRun(), asJSON, time.Now)
}

func startWatchOf(t *testing.T, run *fakeRun, asJSON bool, now func() time.Time) *watched {
	t.Helper()
	a, out := newTestApp(t, nil)
	go a.interrupts.listen()
	t.Cleanup(a.interrupts.stop)
	w := &watched{run: run, app: a, out: out, end: make(chan error, 1)}
	r := newReporter(a, asJSON, now)
	go func() {
		var err error
		w.sum, err = watch(a, w.run, r)
		if w.sum != nil {
			r.ended(w.sum)
		}
		r.close()
		w.end <- err
	}()
	return w
}

func (w *watched) result(t *testing.T) error {
	t.Helper()
	select {
	case err := <-w.end:
		return err
	case <-time.After(patience):
		t.Fatal("the run did not end")
		return nil
	}
}

func TestWatchEndsWithTheRun(t *testing.T) {
	w := startWatch(t, false)
	w.run.notices <- session.Notice{Kind: "restart", Device: "cell", Text: "plugin started again", Time: time.Now()}
	close(w.run.notices)
	w.run.end <- &session.Summary{Dir: "recordings/fake"}
	if err := w.result(t); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"recording 4 streams of 2 devices into recordings/fake", "cell: restart: plugin started again"} {
		if !strings.Contains(w.out.stderr.String(), want) {
			t.Errorf("no %q in: %s", want, w.out.stderr.String())
		}
	}
	if !strings.Contains(w.out.stdout.String(), "nothing lost") {
		t.Errorf("no summary: %s", w.out.stdout.String())
	}
}

func TestWatchFirstInterruptSeals(t *testing.T) {
	w := startWatch(t, false)
	start := time.Now()
	w.app.interrupts.signals <- os.Interrupt
	if reason := <-w.run.stopped; reason != "stop" {
		t.Errorf("stopped because of %q", reason)
	}
	if took := time.Since(start); took > 5*100*time.Millisecond { // the promise is 100 ms
		t.Errorf("said so after %v", took)
	}
	w.run.end <- &session.Summary{Dir: "recordings/fake"}
	if err := w.result(t); err != nil {
		t.Fatal(err)
	}
	if want := "sealing 4 streams of 2 devices ..."; !strings.Contains(w.out.stderr.String(), want) {
		t.Errorf("no %q in: %s", want, w.out.stderr.String())
	}
}

func TestWatchSecondInterruptEndsAtOnce(t *testing.T) {
	w := startWatch(t, false)
	w.app.interrupts.signals <- os.Interrupt
	<-w.run.stopped
	// The interrupts' own way of ending the process must not be taken while the run looks itself, but after.
	w.app.interrupts.signals <- os.Interrupt
	err := w.result(t)
	if got := exitCode(err); got != exitInterrupted {
		t.Errorf("exit code %d, want 130", got)
	}
	if !strings.Contains(adviceOf(err), "logger repair recordings/fake") {
		t.Errorf("advice %q does not say how to seal it", adviceOf(err))
	}
	closed(t, w.run.aborted, "the end of the plugins")
	w.run.end <- nil
}

// TestWatchTakesCtrlCWhileTheDiskHangs lets the second look at the status hang, as it does on a dead network disk.
func TestWatchTakesCtrlCWhileTheDiskHangs(t *testing.T) {
	run := newFakeRun()
	run.hang = make(chan struct{})
	defer close(run.hang)
	var minutes atomic.Int64 // each look at the clock is a minute later, so that the status is always due
	w := startWatchOf(t, run, false, func() time.Time { return time.Unix(60*minutes.Add(1), 0) })
	for deadline := time.Now().Add(patience); run.calls.Load() < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the status was not asked for")
		}
	}
	w.app.interrupts.signals <- os.Interrupt
	<-run.stopped
	run.end <- &session.Summary{Dir: "recordings/fake"}
	if err := w.result(t); err != nil {
		t.Fatal(err)
	}
}

func TestWatchPassesTheErrorOn(t *testing.T) {
	w := startWatch(t, false)
	w.run.err = &session.Error{Class: session.ClassDisk, Err: errors.New("no space left")}
	w.run.end <- &session.Summary{DiskFailed: true}
	if got := exitCode(w.result(t)); got != exitDisk {
		t.Errorf("exit code %d, want 5", got)
	}
}

func TestWatchJSON(t *testing.T) {
	w := startWatch(t, true)
	w.run.notices <- session.Notice{Kind: "gap", Device: "cell", Text: "lost 5"}
	close(w.run.notices)
	w.run.end <- &session.Summary{Run: "id", Lost: true}
	if err := w.result(t); err != nil {
		t.Fatal(err)
	}
	var events []string
	for _, l := range strings.Split(strings.TrimSpace(w.out.stdout.String()), "\n") {
		var e runEvent
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			t.Fatalf("%v: %s", err, l)
		}
		if e.FormatVersion != formatVersion {
			t.Errorf("no format_version in %s", l)
		}
		events = append(events, e.Event)
	}
	if got := strings.Join(events, " "); got != "started notice ended" {
		t.Errorf("events %s, want started notice ended", got)
	}
}

// fullDisk is standard output that goes to a full disk.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestWatchGoesOnWithoutAReader: what becomes of standard output does not count, the recording does.
func TestWatchGoesOnWithoutAReader(t *testing.T) {
	for _, tc := range []struct {
		name   string
		stdout io.Writer
		json   bool
	}{
		{"a reader that is gone", brokenPipe{}, false},
		{"a reader of JSON that is gone", brokenPipe{}, true},
		{"a full disk", fullDisk{}, false},
		{"a full disk, JSON", fullDisk{}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, out := newTestApp(t, nil)
			a.stdout = tc.stdout
			run := newFakeRun()
			r := newReporter(a, tc.json, time.Now)
			for range 3 {
				run.notices <- session.Notice{Kind: "gap", Text: "lost 5"}
			}
			run.end <- &session.Summary{Dir: "recordings/fake"}
			summary, err := watch(a, run, r)
			if err != nil || summary == nil {
				t.Fatalf("summary %v, error %v", summary, err)
			}
			r.ended(summary)
			r.close()
			if n := strings.Count(out.stderr.String(), "the run goes on"); n > 1 {
				t.Errorf("the broken reader was told %d times: %s", n, out.stderr.String())
			}
			if n := strings.Count(out.stderr.String(), "how the run ended could not be told"); n != 1 {
				t.Errorf("the lost result was told %d times: %s", n, out.stderr.String())
			}
		})
	}
}

// TestReporterKeepsTheResult fills the queue of a slow reader: the result comes through, and how much did not.
func TestReporterKeepsTheResult(t *testing.T) {
	a, _ := newTestApp(t, nil)
	h := &heldWriter{release: make(chan struct{})}
	a.stdout = h
	r := newReporter(a, true, time.Now)
	for range 3 * queueLines {
		r.line(runEvent{Event: "status"})
	}
	close(h.release)
	r.ended(&session.Summary{Run: "id"})
	r.close()
	lines := strings.Split(strings.TrimSpace(h.out.String()), "\n")
	if last := lines[len(lines)-1]; !strings.Contains(last, `"event":"ended"`) {
		t.Errorf("the last line is %s", last)
	}
	var kept, dropped int
	for _, l := range lines {
		var e struct {
			Event string
			Lines int
		}
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			t.Fatalf("%v: %s", err, l)
		}
		dropped += e.Lines
		if e.Event == "status" {
			kept++
		}
	}
	if kept+dropped != 3*queueLines {
		t.Errorf("%d lines written and %d dropped, want %d in all", kept, dropped, 3*queueLines)
	}
}

func TestJudgeRun(t *testing.T) {
	for _, tc := range []struct {
		name      string
		summary   session.Summary
		allowGaps bool
		want      int
	}{
		{"good", session.Summary{}, false, 0},
		{"lost", session.Summary{Lost: true}, false, 3},
		{"lost, allowed", session.Summary{Lost: true}, true, 0},
		{"device and loss", session.Summary{Lost: true, DeviceFailed: true}, false, 4},
		{"device and loss, allowed", session.Summary{Lost: true, DeviceFailed: true}, true, 4},
		{"disk before device", session.Summary{Lost: true, DeviceFailed: true, DiskFailed: true}, false, 5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := exitCode(judgeRun(&tc.summary, tc.allowGaps)); got != tc.want {
				t.Errorf("exit code %d, want %d", got, tc.want)
			}
		})
	}
}
