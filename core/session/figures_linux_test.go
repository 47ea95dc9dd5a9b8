package session

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// TestCountOfEvents: the status tells of as many events as the recording, each once.
func TestCountOfEvents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, victim string
	}{
		{"a generator's changes", looped(fmt.Sprintf("COUNT%d", serials.Add(1)), "2s", sineChanges), "cell"},
		{"event blocks", eventPlan(`duration = "2s"`, slowStream, fastRapid, upEvent), "fast"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			s := l.start(c.text)
			if err := s.Mark("here"); err != nil {
				t.Fatal(err)
			}
			l.until(s, func(st Status) bool { return st.Elapsed > 1 })
			if err := syscall.Kill(device0(s.Status(), c.victim).PluginPID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			sum := l.waitOnly(s)
			rec, err := recording.Open(sum.Dir)
			if err != nil {
				t.Fatal(err)
			}
			written, err := rec.Events()
			if err != nil {
				t.Fatal(err)
			}
			n := int64(0)
			for _, e := range written {
				n += e.Count
			}
			if got := s.Status().Events; got != n || n < 5 {
				t.Errorf("the status tells of %d events, the recording of %d: %v", got, n, written)
			}
		})
	}
}
