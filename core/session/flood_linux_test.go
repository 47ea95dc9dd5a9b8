package session

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

func TestFloodAllowance(t *testing.T) {
	t.Parallel()
	var f flood
	now := int64(time.Hour)
	pass := func(n int) (passed int) {
		for range n {
			if f.admit(driver.EventWarning, now) {
				passed++
			}
		}
		return passed
	}
	for _, c := range []struct {
		name string
		wait time.Duration
		n    int
		want int
	}{
		{"a burst", 0, 1000, floodBurst},
		{"nothing more", floodEvery - 1, 10, 0},
		{"one more", 1, 10, 1},
		{"an hour of floods", time.Hour, 1000, floodBurst},
		{"after a break of half a burst", floodBurst / 2 * floodEvery, 1000, floodBurst / 2},
	} {
		now += int64(c.wait)
		if got := pass(c.n); got != c.want {
			t.Errorf("%s: %d passed, want %d", c.name, got, c.want)
		}
	}
	if got := f.leftOut(now, true)[driver.EventWarning]; got != 1000-floodBurst+10+9+1000-floodBurst+1000-floodBurst/2 {
		t.Errorf("%d left out", got)
	}
	if got := f.leftOut(now, true); len(got) != 0 {
		t.Errorf("told twice: %v", got)
	}
	if !f.admit(driver.EventPower, now) {
		t.Error("another kind pays for warnings")
	}
	for i := range 10_000 {
		f.admit(driver.EventKind(fmt.Sprint("made up ", i)), now)
	}
	if len(f.kinds) > 3 {
		t.Errorf("%d kinds are kept for names that a driver made up", len(f.kinds))
	}
}

func TestFloodToldFromTimeToTime(t *testing.T) {
	t.Parallel()
	var f flood
	now := int64(time.Hour)
	for range floodBurst + 7 {
		f.admit(driver.EventError, now)
	}
	if got := f.leftOut(now+int64(floodTold)-1, false); len(got) != 0 {
		t.Errorf("told early: %v", got)
	}
	if got := f.leftOut(now+int64(floodTold), false); got[driver.EventError] != 7 {
		t.Errorf("left out %v, want 7", got)
	}
}

// TestFloodOfWarnings lets a driver say 20,000 things: the counts of the recording's events add up, and their size does not.
func TestFloodOfWarnings(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(strings.Replace(header, "  duration", "  # duration", 1) + proof("cell", "FLOOD"))
	w := &watch{d: s.devices[0], u: s.devices[0].unit}
	const n = 20_000
	long := strings.Repeat("x", 10_000)
	for i := range n {
		w.event(driver.Event{Kind: driver.EventWarning, Text: fmt.Sprint(i, " ", long)})
	}
	w.tellFlood(true)
	s.Stop("stop")
	l.wait(s)
	b, err := os.ReadFile(filepath.Join(s.Dir(), recording.FileEvents))
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 2*floodBurst*floodText {
		t.Errorf("events.jsonl has %d bytes", len(b))
	}
	count := int64(0)
	for _, line := range bytes.SplitAfter(b, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		e, err := recording.ParseEvent(line)
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == recording.EventWarning && e.Device == "cell" {
			count += e.Count
		}
	}
	if count != n {
		t.Errorf("the events stand for %d warnings, want %d", count, n)
	}
}

func TestShortText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, strings.Repeat("x", floodText): floodText, strings.Repeat("é", floodText): floodText + 3, "x" + strings.Repeat("é", floodText): floodText - 1 + 3} {
		if got := shortText(text); len(got) != want || strings.ToValidUTF8(got, "") != got {
			t.Errorf("%d bytes become %d, want %d", len(text), len(got), want)
		}
	}
}
