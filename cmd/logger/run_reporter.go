package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/scopelog/scopelog/core/session"
)

const (
	jsonStatusEvery = 10 * time.Second // how often run --json prints where the run stands
	readerWait      = time.Minute      // for a slow reader of run --json after the run
)

// reporter tells users, or with json programs, what happens in a run. It never waits for a terminal or a reader
// while the run goes on. It is used from one goroutine.
type reporter struct {
	app      *app
	progress *progress
	out      *queue // standard output with json, else nil
	lastLine time.Time
	broken   bool // standard output cannot be written any more, and that was said

	service *notifier            // tells the service manager
	begun   func(runningSession) // is told of each recording that begins; nil: nobody
	more    bool                 // more recordings follow: nobody waits for a reader behind one
	status  string               // the run's latest status in words
	stuck   bool                 // that nobody drains was said
}

func newReporter(a *app, json bool, now func() time.Time) *reporter {
	r := &reporter{app: a, progress: newProgress(a.screen, now), service: newNotifier(a.lookupEnv)}
	if json {
		r.out = newQueue(a.stdout, func(lines int) []byte {
			return fmt.Appendf(nil, `{"format_version":%q,"event":"dropped","lines":%d}`+"\n", formatVersion, lines)
		})
	}
	return r
}

// runEvent is one line of run --json.
type runEvent struct {
	FormatVersion string           `json:"format_version"`
	Event         string           `json:"event"` // "started", "notice", "status", "ended", "dropped" (has lines); of schedules "waiting", "missed", "failed", "done"
	Notice        *session.Notice  `json:"notice,omitempty"`
	Status        *session.Status  `json:"status,omitempty"`
	Summary       *session.Summary `json:"summary,omitempty"`

	Schedule *session.ScheduleStatus `json:"schedule,omitempty"`
}

// begins tells who wants to know of a session that records.
func (r *reporter) begins(s runningSession) {
	if r.begun != nil {
		r.begun(s)
	}
}

// line prints one line for programs.
func (r *reporter) line(e runEvent) {
	e.FormatVersion = formatVersion
	if err := writeJSONLine(r.out, e); err != nil && !r.broken {
		r.broken = true
		r.app.warn("%v; the run goes on", err)
	}
}

// started tells that all devices record.
func (r *reporter) started(st session.Status, dir string) {
	if r.out != nil {
		r.line(runEvent{Event: "started", Status: &st})
		r.lastLine = r.progress.now()
	}
	r.status = fmt.Sprintf("recording %s of %s into %s", plural(streamCount(st), "stream"), plural(len(st.Devices), "device"), dir)
	r.app.say("%s", r.status)
	r.service.up(r.status)
}

// drained gives the watchdog its sign of life when the rings are drained, which is what this process is for.
func (r *reporter) drained(undrained time.Duration) {
	if undrained < r.service.watchdog {
		r.service.alive(time.Now(), r.status)
		return
	}
	if !r.stuck {
		r.stuck = true
		r.app.logger.Error("a ring is not drained any more, the watchdog is not told", "for", undrained)
	}
}

// notice tells what happened.
func (r *reporter) notice(n session.Notice) {
	if r.out != nil {
		r.line(runEvent{Event: "notice", Notice: &n})
	}
	r.app.say("%s  %s", n.Time.Local().Format("15:04:05"), noticeText(n))
}

// noticeText is a notice in words: device, what happened, more about it.
func noticeText(n session.Notice) string {
	words := []string{strings.ReplaceAll(n.Kind, "_", " ")}
	if n.Kind == "device_start" {
		words[0] = "records"
	}
	if n.Kind == "device_stop" {
		words[0] = "stopped"
	}
	if n.Kind == "trigger_wait" {
		words[0] = "waits for its trigger"
	}
	if n.Device != "" {
		words = append([]string{n.Device}, words...)
	}
	if n.Text != "" {
		words = append(words, n.Text)
	}
	return printable(strings.Join(words, ": "))
}

// drain tells what was left to tell when the run ended.
func (r *reporter) drain(notices <-chan session.Notice) {
	for notices != nil {
		select {
		case n, ok := <-notices:
			if !ok {
				return
			}
			r.notice(n)
		default:
			return
		}
	}
}

// due tells whether it is time to show where the run stands.
func (r *reporter) due() bool { return r.progress.due() || r.lineDue() }

func (r *reporter) lineDue() bool {
	return r.out != nil && r.progress.now().Sub(r.lastLine) >= jsonStatusEvery
}

// show shows where the run stands, in each form whose time has come.
func (r *reporter) show(st session.Status) {
	r.progress.show(st)
	r.status = progressLine(st, 0)
	if r.lineDue() {
		r.lastLine = r.progress.now()
		r.line(runEvent{Event: "status", Status: &st})
	}
}

// ended prints how the run ended, and waits until all is written. A reader that is gone or a full disk behind standard
// output is a warning only: the recording is what counts.
func (r *reporter) ended(s *session.Summary) {
	r.progress.done()
	if err := r.result(s); err != nil {
		r.app.warn("how the run ended could not be told: %v; the recording is in %s", err, s.Dir)
	}
}

func (r *reporter) result(s *session.Summary) error {
	if r.out == nil {
		return writeSummary(r.app.stdout, s, r.app.color)
	}
	if err := writeJSONLine(r.out.last(), runEvent{FormatVersion: formatVersion, Event: "ended", Summary: s}); err != nil {
		return err
	}
	if r.more {
		return nil
	}
	if err := r.out.flush(readerWait); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// close ends the reporter's goroutine.
func (r *reporter) close() {
	r.progress.done()
	r.service.close()
	if r.out != nil {
		r.out.close(lastWait)
	}
}
