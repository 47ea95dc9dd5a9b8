package session

import (
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// TestMarksAreOneMoment: the event of a mark and its annotations name the same sample, also where deliveries are rare.
func TestMarksAreOneMoment(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(strings.Replace(header, `duration = "1s"`, "", 1) + proof("cell", "MARKS"))
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 0 })
	before := s.Status().Devices[0].Streams[0].Recorded
	if err := s.Mark("here"); err != nil {
		t.Fatal(err)
	}
	l.until(s, func(st Status) bool {
		return float64(st.Devices[0].Streams[0].Recorded-before) > 2*st.Devices[0].RatePerSec
	})
	s.Stop("stop")
	sum := l.waitOnly(s)
	rec, err := recording.Open(sum.Dir)
	if err != nil {
		t.Fatal(err)
	}
	events, err := rec.Events()
	if err != nil {
		t.Fatal(err)
	}
	told := map[int64]int64{} // index, by the number of the line
	for _, e := range events {
		if e.Kind == recording.EventMark {
			told[e.Seq] = *e.Index
		}
	}
	found := 0
	for _, st := range rec.Streams() {
		for _, a := range st.Annotations() {
			if a.Label != recording.LabelMark {
				continue
			}
			found++
			if device, ok := st.DeviceIndex(a.SampleStart); !ok || device != told[*a.Event] {
				t.Errorf("%s: the mark is at %d, its event at %d", st.Name(), device, told[*a.Event])
			}
		}
	}
	if len(told) != 1 || found != len(rec.Streams()) {
		t.Errorf("%d events, %d annotations in %d streams", len(told), found, len(rec.Streams()))
	}
}
