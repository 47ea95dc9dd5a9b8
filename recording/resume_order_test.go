package recording

import (
	"context"
	"testing"
)

// TestResumeOrdered: what a run that was cut off tells of the latest order of an event that a device has taken.
func TestResumeOrdered(t *testing.T) {
	t.Parallel()
	const at = testEpochUTC + 1e9
	order := func(outcome string) Event {
		return Event{Kind: EventDetected, Device: "slow", UTC: at, Data: map[string]any{
			"start": []map[string]any{{"device": "other", "outcome": "busy"}, {"device": "cell", "outcome": outcome, "after_event_s": 0.5}},
		}}
	}
	for _, c := range []struct {
		name   string
		events []Event
		wave   int64 // raw device index of a waveform, 1 µs each; negative: none
		want   int64
	}{
		{"none", nil, 10, 0},
		{"it brought nothing", []Event{order("started")}, -1, at + 5e8},
		{"nothing since the one before", []Event{order("started")}, 10, at + 5e8},
		{"it has brought something", []Event{order("started")}, 1_600_000, 0},
		{"it was not taken", []Event{order("busy")}, 10, 0},
		{"its loss is told", []Event{order("started"), {Kind: EventWaveformLost, Device: "cell", Text: "3 waveforms"}}, 10, 0},
		{"another one's loss is told", []Event{order("started"), {Kind: EventWaveformLost, Device: "other"}}, 10, at + 5e8},
		{"it was stopped", []Event{order("started"), {Kind: EventDeviceStop, Device: "cell"}}, 10, 0},
		{"it has gone on since", []Event{order("started"), {Kind: EventResumed}}, 10, 0},
		{"it has gone on and was ordered again", []Event{order("started"), {Kind: EventResumed}, order("started")}, 10, at + 5e8},
	} {
		t.Run(c.name, func(t *testing.T) {
			info := corpusInfo(0, StreamInfo{Channel: "A", Global: Global{WaveformSamples: 50}})
			info.Mode, info.RawInterval = ModeBlock, Fraction{1, 1_000_000}
			r := newCorpusRun(t, info)
			r.epoch(0, "start")
			if c.wave >= 0 {
				r.must(r.dev.BeginWaveform(Waveform{}))
				p := make([]byte, 2*50)
				r.must(r.dev.Append(0, 0, p, r.at(c.wave)))
				r.must(r.dev.EndWaveform())
			}
			for _, e := range c.events {
				_, err := r.run.NoteEvent(e)
				r.must(err)
			}
			r.sync()
			r.must(r.run.Abandon())
			res, err := Resume(context.Background(), r.dir(), ResumeOptions{FS: r.fs, Now: fixedNow, BootID: "another"})
			r.must(err)
			if d := res.Devices[0]; d.OrderedNS != c.want {
				t.Errorf("ordered at %d, want %d", d.OrderedNS, c.want)
			}
			r.must(res.Run.Abandon())
		})
	}
}
