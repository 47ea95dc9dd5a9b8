package main

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/session"
)

func recordingStatus(devices ...session.DeviceStatus) session.Status {
	return session.Status{
		State: session.StateRecording, Elapsed: 83, Left: 397, Bytes: 3_320_000_000, BytesPerSec: 40e6,
		FreeDisk: 120e9, Lost: 20480, Devices: devices,
	}
}

func TestProgressLine(t *testing.T) {
	cell := session.DeviceStatus{Name: "cell", State: "recording", RingFill: 0.12}
	gate := session.DeviceStatus{Name: "gate", State: "recording", RingFill: 0.5}
	quick := session.DeviceStatus{Name: "quick", State: "restarting"}
	sim := session.DeviceStatus{Name: "sim", State: "recording", Emulated: true}
	gated := session.DeviceStatus{Name: "gate", State: "waiting", Block: &session.BlockStatus{Waveforms: 1200, Waiting: 3}}
	muon := session.DeviceStatus{Name: "muon", State: "recording", RingFill: 0.3, Block: &session.BlockStatus{Waveforms: 1, Lost: 2, Waiting: -1}}
	started := session.DeviceStatus{Name: "gate", State: "waiting", Block: &session.BlockStatus{Waiting: 3, ForEvent: true}}
	thinned := recordingStatus(cell)
	thinned.Dropped = 2_000_000_000
	endless := recordingStatus(cell)
	endless.Left, endless.FreeDisk = -1, -1
	young := session.Status{State: session.StateRecording, Elapsed: 2, Left: -1, Bytes: 4e6, FreeDisk: -1, Devices: endless.Devices}
	sealing := recordingStatus(cell)
	sealing.State = session.StateSealing
	for _, tc := range []struct {
		name    string
		status  session.Status
		columns int
		want    string
	}{
		{
			"all parts", recordingStatus(cell, gate), 0,
			"0:01:23  40.0 MB/s  3.32 GB  rings cell 12% gate 50%  lost 20,480  free 120 GB  left 0:06:37",
		},
		{
			"nothing is real", recordingStatus(sim), 0,
			"0:01:23  emulated  40.0 MB/s  3.32 GB  rings sim 0%  lost 20,480  free 120 GB  left 0:06:37",
		},
		{
			"not all is real", recordingStatus(cell, sim), 0,
			"0:01:23  1 of 2 emulated  40.0 MB/s  3.32 GB  rings cell 12% sim 0%  lost 20,480  free 120 GB  left 0:06:37",
		},
		{"no end, disk unknown", endless, 0, "0:01:23  40.0 MB/s  3.32 GB  rings cell 12%  lost 20,480"},
		{"not measured yet", young, 0, "0:00:02  2.00 MB/s  4.00 MB  rings cell 12%  lost 0"},
		{"sealing", sealing, 0, "0:01:23  sealing  40.0 MB/s  3.32 GB  rings cell 12%  lost 20,480  free 120 GB  left 0:06:37"},
		{
			"a device that restarts", recordingStatus(cell, quick), 0,
			"0:01:23  40.0 MB/s  3.32 GB  rings cell 12% quick restarting  lost 20,480  free 120 GB  left 0:06:37",
		},
		{
			"a device that waits", recordingStatus(cell, gated), 0,
			"0:01:23  40.0 MB/s  3.32 GB  1,200 waveforms  rings cell 12% gate waits for its trigger  lost 20,480  free 120 GB  left 0:06:37",
		},
		{
			"a device that waits for an event", recordingStatus(started), 0,
			"0:01:23  40.0 MB/s  3.32 GB  0 waveforms  rings gate waits for an event  lost 20,480  free 120 GB  left 0:06:37",
		},
		{
			"the oldest is removed", thinned, 0,
			"0:01:23  40.0 MB/s  3.32 GB recorded, 1.32 GB kept  rings cell 12%  lost 20,480  free 120 GB  left 0:06:37",
		},
		{
			"waveforms are lost", recordingStatus(muon), 0,
			"0:01:23  40.0 MB/s  3.32 GB  1 waveform  rings muon 30%  lost 20,480 and 2 waveforms  free 120 GB  left 0:06:37",
		},
		{
			"narrow: the fullest ring", recordingStatus(cell, gate), 86,
			"0:01:23  40.0 MB/s  3.32 GB  rings gate 50% +1  lost 20,480  free 120 GB  left 0:06:37",
		},
		{
			"narrow: a restart comes first", recordingStatus(cell, gate, quick), 94,
			"0:01:23  40.0 MB/s  3.32 GB  rings quick restarting +2  lost 20,480  free 120 GB  left 0:06:37",
		},
		{
			"narrower: the rings before the disk", recordingStatus(cell, gate), 84,
			"0:01:23  40.0 MB/s  3.32 GB  rings cell 12% gate 50%  lost 20,480  left 0:06:37",
		},
		{
			"very narrow: no rings", recordingStatus(cell, gate), 40,
			"0:01:23  40.0 MB/s  3.32 GB  lost 20,480  left 0:06:37",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := progressLine(tc.status, tc.columns); got != tc.want {
				t.Errorf("line\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

func TestProgressTimes(t *testing.T) {
	for _, tc := range []struct {
		name     string
		terminal bool
		looks    int // one every 100 ms
		want     int // times that it was due
	}{
		{"terminal: twice a second", true, 50, 10},
		{"elsewhere: nothing in the first minute", false, 599, 0},
		{"elsewhere: once a minute", false, 1800, 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			now := time.Unix(1000, 0)
			p := newProgress(newScreen(&out, tc.terminal, func() int { return 200 }), func() time.Time { return now })
			asked := 0
			for i := range tc.looks {
				now = time.Unix(1000, 0).Add(time.Duration(i+1) * 100 * time.Millisecond)
				if p.due() {
					asked++
				}
				p.show(recordingStatus())
			}
			p.done()
			if asked != tc.want {
				t.Errorf("due %d times, want %d", asked, tc.want)
			}
			if !tc.terminal && strings.Count(out.String(), "\n") != tc.want {
				t.Errorf("%d lines, want %d", strings.Count(out.String(), "\n"), tc.want)
			}
			if !tc.terminal && strings.Contains(out.String(), "\x1b") {
				t.Errorf("control characters without a terminal: %q", out.String())
			}
		})
	}
}

// terminalText plays what a terminal shows: \r goes back, ESC [ K clears to the end of the line.
func terminalText(out string) string {
	lines := []string{""}
	for _, part := range strings.SplitAfter(strings.ReplaceAll(out, "\r\x1b[K", "\r"), "\n") {
		last := len(lines) - 1
		for i, piece := range strings.Split(strings.TrimSuffix(part, "\n"), "\r") {
			if i > 0 {
				lines[last] = ""
			}
			lines[last] += piece
		}
		if strings.HasSuffix(part, "\n") {
			lines = append(lines, "")
		}
	}
	return strings.Join(lines, "\n")
}

func TestScreenKeepsTheStatusLast(t *testing.T) {
	var out bytes.Buffer
	s := newScreen(&out, true, func() int { return 20 })
	s.setStatus("12345678901234567890123")
	fmt.Fprintln(s, "a log line")
	fmt.Fprint(s, "half ")
	fmt.Fprintln(s, "and half")
	if got, want := terminalText(out.String()), "a log line\nhalf and half\n1234567890123456789"; got != want {
		t.Errorf("screen\n%s\nwant\n%s", got, want)
	}
	s.setStatus("new")
	s.clear()
	fmt.Fprintln(s, "end")
	if got, want := terminalText(out.String()), "a log line\nhalf and half\nend\n"; got != want {
		t.Errorf("screen\n%s\nwant\n%s", got, want)
	}
}

func TestScreenFromManyGoroutines(t *testing.T) {
	var out bytes.Buffer
	s := newScreen(&out, true, func() int { return 80 })
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 50 {
				fmt.Fprintf(s, "line of %d\n", i)
				s.setStatus(fmt.Sprintf("status %d", i))
			}
		})
	}
	wg.Wait()
	s.clear()
	lines := strings.Split(strings.TrimSuffix(terminalText(out.String()), "\n"), "\n")
	if len(lines) != 200 {
		t.Errorf("%d lines, want 200", len(lines))
	}
	for _, l := range lines {
		if !strings.HasPrefix(l, "line of ") {
			t.Errorf("broken line %q", l)
		}
	}
}
