package session

import (
	"context"
	"testing"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/recording"
)

// TestWarningsOfEventsGoOn: what an event block has only counted, and not looked at, is told to the last, and counted when the run goes on.
func TestWarningsOfEventsGoOn(t *testing.T) {
	r, err := recording.Create(t.TempDir(), "soak", recording.Options{Plan: []byte("run \"soak\" {}\n"), Resolved: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	p := &plan.Plan{Events: []plan.Event{{Name: "up", Device: "cell"}, {Name: "down", Device: "cell"}}}
	s := &Session{run: r, o: Options{Plan: p}, log: hclog.NewNullLogger(), clock: clock.NewSampler(nil), silent: true}
	for _, b := range newEventBlocks(s) {
		b.begin()
		b.dropped, b.unwatched = 3, 70
		b.warn()
		b.dropped, b.unwatched = 5, 90 // it is too early to tell that again
		b.warn()
		b.end()
	}
	if err := r.Abandon(); err != nil {
		t.Fatal(err)
	}
	was, err := recording.Resume(context.Background(), r.Dir(), recording.ResumeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range p.Events {
		if d := was.Run.DetectedBefore(e.Name); d.Count != 5 || d.Suppressed != 5 || d.Unwatched != 90 {
			t.Errorf("%s: %+v", e.Name, d)
		}
	}
	if err := was.Run.Abandon(); err != nil {
		t.Error(err)
	}
}

// TestEventFiguresGoOn: what event blocks have found and started is counted over all parts of a run.
func TestEventFiguresGoOn(t *testing.T) {
	r, err := recording.Create(t.TempDir(), "soak", recording.Options{Plan: []byte("run \"soak\" {}\n"), Resolved: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		err := r.Event(recording.Event{
			Kind: recording.EventDetected, Device: "cell", Data: map[string]any{"event": "up", "start": []map[string]any{{"device": "scope", "outcome": string(orderTaken)}}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Abandon(); err != nil {
		t.Fatal(err)
	}
	was, err := recording.Resume(context.Background(), r.Dir(), recording.ResumeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := was.Run.Abandon(); err != nil {
			t.Error(err)
		}
	}()
	s := &Session{run: was.Run, o: Options{Plan: &plan.Plan{Events: []plan.Event{{Name: "up", Device: "cell", Start: []string{"scope"}}}}}}
	b := newEventBlocks(s)[0]
	b.begin()
	defer b.end()
	f := b.figures()
	if f.Count != 3 || len(f.Starts) != 1 || f.Starts[0].Started != 3 {
		t.Errorf("%+v", f)
	}
}

// TestBytesOfDevicesThatWereOver: what devices have recorded that do not go on with the run counts too.
func TestBytesOfDevicesThatWereOver(t *testing.T) {
	run, err := recording.Create(t.TempDir(), "test", recording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run.Close(recording.End{Reason: "stop"}); err != nil {
			t.Error(err)
		}
	})
	s := newSession(Options{Plan: &plan.Plan{}})
	s.run = run
	w, err := run.AddDevice(recording.DeviceInfo{
		Name: "over", Driver: "test", RawInterval: recording.Fraction{Num: 1, Den: 1000},
		Streams: []recording.StreamInfo{{Channel: "A", Kind: recording.KindRaw, Ratio: 1, Global: recording.Global{Scale: 1}}},
	})
	if err == nil {
		err = w.StartEpoch(recording.Epoch{Cause: "start"})
	}
	if err == nil {
		err = w.Append(0, 0, make([]byte, 400), recording.Now())
	}
	if err == nil {
		err = w.Finish(context.Background(), recording.SealStop, nil, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	if st, sum := s.Status(), s.summarise(); st.Bytes != 400 || sum.Bytes != 400 || s.bytes() != 0 {
		t.Errorf("%d bytes in the status, %d in the summary, %d of those that record", st.Bytes, sum.Bytes, s.bytes())
	}
}
