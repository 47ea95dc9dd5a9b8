package recording

import (
	"path/filepath"
	"testing"
)

func TestListShowsRunsAndWhoWritesThem(t *testing.T) {
	live := damageRun(t, 0, false)
	m := live.fs
	sealed := damageRun(t, 0, true)
	for p, n := range sealed.fs.names {
		m.add(filepath.Join("/rec/older", filepath.Base(p)), sealed.fs.nodes[n].data)
	}
	for _, dir := range []string{"/rec/older", "/rec/notes", "/rec/broken", "/rec/.hidden"} {
		m.dirs[dir] = true
	}
	m.edit("/rec/older/run.json", func(b []byte) []byte {
		run, err := ParseRun(b)
		live.must(err)
		run.Started -= 1e9
		b, err = run.Encode()
		live.must(err)
		return b
	})
	m.add("/rec/notes/todo.txt", []byte("buy probes"))
	m.add("/rec/broken/run.json", []byte("{}"))
	list, err := List(m, "/rec")
	if err != nil || len(list) != 3 {
		t.Fatalf("%d runs, %v: %+v", len(list), err, list)
	}
	if l := list[0]; l.Dir != "/rec/older" || l.Run == nil || l.Run.State != StateSealed || l.Live || l.Bytes < 2*2*630 {
		t.Errorf("the sealed run: %+v", l)
	}
	if l := list[1]; l.Dir != live.dir() || l.Run == nil || l.Run.State != StateRecording || !l.Live {
		t.Errorf("the live run: %+v", l)
	}
	if l := list[2]; l.Dir != "/rec/broken" || l.Run != nil || l.Err == nil || l.Live {
		t.Errorf("the broken run: %+v", l)
	}
	live.end()
}

func TestSummary(t *testing.T) {
	c := corpusNamed(t, "exact gap, restart and loss at the end").shared(t)
	r, err := OpenWith(c.dir(), OpenOptions{FS: c.fs})
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Summarise()
	if err != nil {
		t.Fatal(err)
	}
	if s.Live || s.Samples != 2*1150 || s.Bytes != 4*1150 || len(s.Devices) != 1 || len(s.Devices[0].Streams) != 2 || s.Events[EventRunStart] != 1 {
		t.Errorf("summary: %+v", s)
	}
	a := s.Devices[0].Streams[0]
	if a.Name != "cell.A" || a.Lost != 300+1000+77 || a.LostMin != 300+995+77 || a.LostMax != 300+1005+77 || len(a.Gaps) != 3 || a.Losses != 3 || a.OverRange != 40 {
		t.Errorf("stream: %+v", a)
	}
	if a.First != testEpochUTC || a.Last != testEpochUTC+2450*1000 || a.DeviceFrom != 0 || a.DeviceTo != 2450 {
		t.Errorf("times: %s to %s, device index %d to %d", a.First, a.Last, a.DeviceFrom, a.DeviceTo)
	}
	if e := s.Devices[0].Epochs; len(e) != 2 || e[1].Base != 2050 || e[1].Cause != "restart" {
		t.Errorf("epochs: %+v", e)
	}
	pairs, err := r.ClockPairs("cell")
	if err != nil || len(pairs) != 2 {
		t.Errorf("%d clock pairs, %v", len(pairs), err)
	}
}

// endingFS is a disk on which the recorder of a run ends while its lock is looked at.
type endingFS struct {
	FS
	end func()
}

func (f endingFS) Locked(path string) (bool, error) {
	f.end()
	return f.FS.Locked(path)
}

// TestListOfARunThatEnds: a run that is sealed while it is looked at is not one whose recorder is gone.
func TestListOfARunThatEnds(t *testing.T) {
	t.Parallel()
	r := testRun(t, Options{})
	end := func() {
		if err := r.Close(End{Reason: "stop"}); err != nil {
			t.Error(err)
		}
	}
	list, err := List(endingFS{OSFS(), end}, filepath.Dir(r.Dir()))
	if err != nil || len(list) != 1 || list[0].Live || list[0].Run == nil || list[0].Run.State != StateSealed {
		t.Errorf("%+v, %v", list, err)
	}
}
