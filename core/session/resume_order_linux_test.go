package session

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// TestResumeLostOrder kills the core while a device carries out the order of an event that has brought nothing yet: a resume tells what was ordered as lost, as a core does whose plugin dies.
func TestResumeLostOrder(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := eventPlan("adopt = \"0s\"\n  duration = \"1h\"", slowStream, fastRapid+neverTriggered, upEvent)
	text = strings.Replace(text, `signal = "proof"`, `signal = "dc"`, 1)
	k := l.killCoreWhen(text, func(dir string) bool {
		return slices.ContainsFunc(recordedEvents(dir), func(e recording.Event) bool { return strings.Contains(e.Text, "fast started") })
	})
	s := l.resume(k.dir)
	l.until(s, func(st Status) bool { return device0(st, "fast").Block.Lost == 3 })
	s.Stop("stop")
	if sum := l.sealed(s); !sum.Lost || sum.Devices[1].Block.Lost != 3 {
		t.Errorf("summary %+v", sum)
	}
	var told []recording.Event
	for _, e := range recordedEvents(k.dir) {
		if e.Kind == recording.EventWaveformLost {
			told = append(told, e)
		}
	}
	if len(told) != 1 || told[0].Device != "fast" || told[0].Count != 3 || told[0].Text != "3 waveforms that were ordered did not come: the recorder had ended" {
		t.Errorf("events tell of %+v", told)
	}
}

// recordedEvents are the events of a run as far as they can be read.
func recordedEvents(dir string) []recording.Event {
	rec, err := recording.Open(dir)
	if err != nil {
		return nil
	}
	events, _ := rec.Events() // those that there are
	return events
}

// killCoreWhen is killCore that waits for a condition.
func (l *lab) killCoreWhen(text string, ok func(dir string) bool) killedCore {
	l.t.Helper()
	return l.killCoreBehind(text, func(dir string) {
		for end := time.Now().Add(time.Minute); !ok(dir); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				l.t.Fatal("it does not come so far")
			}
		}
	})
}
