package main

import (
	"fmt"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

func TestWhatWasLost(t *testing.T) {
	stream := session.DeviceSummary{Name: "slow", Streams: []session.StreamStatus{{Name: "slow.A", Recorded: 1000}}}
	gap := session.DeviceSummary{Name: "slow", Streams: []session.StreamStatus{{Name: "slow.A", Recorded: 1000, Gaps: 1, Lost: 10}}}
	inside := session.DeviceSummary{Name: "slow", LostInside: 10, Streams: stream.Streams}
	block := session.DeviceSummary{Name: "gate", Block: &session.BlockStatus{Waveforms: 3}}
	restarted := session.DeviceSummary{Name: "gate", Block: &session.BlockStatus{Waveforms: 3, Away: 2}}
	cut := session.DeviceSummary{Name: "gate", Block: &session.BlockStatus{Waveforms: 3, Lost: 1, Away: 2}}
	gone := session.DeviceSummary{Name: "other", Error: "unplugged"}
	for _, c := range []struct {
		name    string
		devices []session.DeviceSummary
		want    string
	}{
		{"samples", []session.DeviceSummary{gap}, "samples were lost"},
		{"samples, and a block that is whole", []session.DeviceSummary{gap, block}, "samples were lost"},
		{"inside the library", []session.DeviceSummary{inside, restarted}, "samples were lost"},
		{"waveforms beside a whole stream", []session.DeviceSummary{stream, cut}, "waveforms were lost"},
		{"both", []session.DeviceSummary{gap, cut}, "samples and waveforms were lost"},
		{"a block that was started again", []session.DeviceSummary{restarted}, "time was lost"},
		{"a block that was started again beside a whole stream", []session.DeviceSummary{stream, restarted}, "time was lost"},
		{"a device that was left out", []session.DeviceSummary{gone}, "time was lost"},
	} {
		if got := lostWhat(&session.Summary{Lost: true, Devices: c.devices}); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestBlockStatusText(t *testing.T) {
	for _, c := range []struct {
		block session.BlockStatus
		want  string
	}{
		{session.BlockStatus{Waiting: -1, DeadMean: -1}, "gate: no waveform yet\n"},
		{session.BlockStatus{Waiting: 3.09, DeadMean: -1}, "gate: no waveform yet; has waited for its trigger for 3.09 s\n"},
		{session.BlockStatus{Waveforms: 1, Armings: 1, Waiting: 3, ForEvent: true, DeadMean: -1}, "gate: 1 waveform of 1 arming; has waited for an event for 3 s\n"},
		{session.BlockStatus{Lost: 2, Waiting: -1, DeadMean: -1}, "gate: no waveform yet, 2 lost\n"},
	} {
		if got := blockStatusText(session.DeviceStatus{Name: "gate", Block: &c.block}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestTriggerText(t *testing.T) {
	at := recording.Timestamp(1795161600000000000)
	for _, c := range []struct {
		trigger recording.StreamTrigger
		want    string
	}{
		{recording.StreamTrigger{StreamIndex: 12345, Samples: 1, Exact: true, At: at}, "trigger at sample 12,345, exactly, 2026-11-20 08:00:00.000Z"},
		{recording.StreamTrigger{StreamIndex: 7, Samples: 1, At: at}, "trigger about sample 7, 2026-11-20 08:00:00.000Z"},
		{recording.StreamTrigger{StreamIndex: 1000, Samples: 500, At: at}, "trigger somewhere in samples 1,000 to 1,499, from 2026-11-20 08:00:00.000Z on"},
	} {
		if got := triggerText(c.trigger); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestUnsealedText(t *testing.T) {
	a, _ := newTestApp(t, nil)
	runs := func(n int) (list []endedRun) {
		for i := range n {
			list = append(list, endedRun{Dir: fmt.Sprintf("recordings/r%d", i)})
		}
		return list
	}
	for n, want := range map[int]string{
		0: "",
		1: "1 run is not sealed: recordings/r0; seal it with: logger repair recordings/r0, or go on in it with: logger resume recordings/r0\n",
		2: "2 runs are not sealed: recordings/r0, recordings/r1; seal it with: logger repair RUN, or go on in it with: logger resume RUN\n",
		7: "7 runs are not sealed: recordings/r0, recordings/r1, recordings/r2, recordings/r3, recordings/r4, and 2 more, which logger ls shows; seal it with: logger repair RUN, or go on in it with: logger resume RUN\n",
	} {
		if got := unsealedText(a, runs(n)); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
