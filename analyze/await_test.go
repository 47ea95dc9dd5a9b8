package analyze

import (
	"context"
	"errors"
	"testing"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// endless is an operation that ends its own context at a place, and counts what it is still given.
type endless struct {
	stop   context.CancelFunc
	dose   int           // samples that it takes at once
	until  int64         // samples that it takes before it ends the context
	design chan struct{} // it waits for it before it begins; nil: it does not
	finish chan struct{} // it waits for it before its result; nil: it does not
	taken  int64
	asked  int // for its result
}

func (e *endless) Name() string { return "endless" }
func (e *endless) begin([]*source) (state, error) {
	if e.design != nil {
		e.stop()
		<-e.design
	}
	return e, nil
}
func (e *endless) of(int) taker     { return e }
func (e *endless) close()           {}
func (e *endless) open(piece) error { return nil }
func (e *endless) done() error      { return nil }
func (e *endless) atOnce() int      { return e.dose }
func (e *endless) lengthy()         {}
func (e *endless) take(x []float64) error {
	if e.taken += int64(len(x)); e.taken >= e.until {
		e.stop()
	}
	return nil
}

func (e *endless) result() (*Table, error) {
	e.asked++
	if e.finish != nil {
		e.stop()
		<-e.finish
	}
	return &Table{}, nil
}

// TestCancelled: an operation ends at once, within a chunk of samples, in the design of a filter, and in the making of a result.
func TestCancelled(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(1000)
	r := l.Open()
	for _, c := range []struct {
		name string
		op   endless
		want int64 // samples that were taken
	}{
		{"in a chunk", endless{dose: 10, until: 200}, 200},
		{"at the first sample", endless{dose: 1, until: 1}, 1},
		{"at the last sample", endless{dose: 10, until: 1000, finish: make(chan struct{})}, 1000},
		{"design", endless{dose: 10, design: make(chan struct{})}, 0},
		{"result", endless{dose: 10, until: 5000, finish: make(chan struct{})}, 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancel(t.Context())
			c.op.stop = stop
			if _, err := Run(ctx, r, Selection{}, &c.op); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			for _, wait := range []chan struct{}{c.op.design, c.op.finish} { // what was left to itself ends
				if wait != nil {
					close(wait)
				}
			}
			same(t, "samples", c.want, c.op.taken)
		})
	}
}

// TestCancelledValues: a sample of which a million values come is a dose of its own, and a segment that begins a few samples behind the one before.
func TestCancelledValues(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(1000)
	list, err := sources(l.Open(), &Selection{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		op   Operation
		want int
	}{
		{"up", &Resample{Up: 100_000, Down: 1}, 2},
		{"down", &Resample{Up: 1, Down: 3}, chunkSamples},
		{"peaks", &Peaks{}, searchDose},
		{"events", &Events{Find: "level", Level: Number(0)}, searchDose},
		{"segments", &PSD{Options: spectrum.Options{Segment: 900, Overlap: 890}}, 10 * (spectrumDose / 900)},
		{"spectrogram", &Spectrogram{Options: spectrum.Options{Segment: 900, Overlap: 899}}, spectrumDose / 900},
	} {
		s, err := c.op.begin(list)
		if err != nil {
			t.Fatal(err)
		}
		same(t, c.name, c.want, s.of(0).(laborious).atOnce())
	}
}

// TestCancelledFollowing: what a follower was ended at counts, and the result is that of as many samples.
func TestCancelledFollowing(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(1000)
	l.Sync()
	ctx, stop := context.WithCancel(t.Context())
	op := &endless{dose: 10, until: 200, stop: stop}
	if _, err := Follow(ctx, l.Dir(), recording.OpenOptions{}, Selection{}, op, Following{}); err != nil {
		t.Fatal(err)
	}
	same(t, "samples", int64(200), op.taken)
	same(t, "results", 1, op.asked)
}
