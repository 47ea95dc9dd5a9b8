package session

import (
	"context"
	"testing"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/recording"
)

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
