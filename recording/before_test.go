package recording

import (
	"reflect"
	"testing"
)

// TestDetectedBefore: what event blocks have found is counted from their lines, and from the warnings about what was only counted.
func TestDetectedBefore(t *testing.T) {
	var lines []byte
	for seq, e := range []Event{
		{Kind: EventDetected, Device: "cell", Data: map[string]any{"event": "up", "start": []map[string]any{{"device": "scope", "outcome": "started"}}}},
		{Kind: EventMark, Device: "cell"},
		{Kind: EventDetected, Device: "cell", Data: map[string]any{"event": "up", "start": []map[string]any{{"device": "scope", "outcome": "busy"}}}},
		{Kind: EventDetected, Device: "cell", Data: map[string]any{"event": "down"}},
		{Kind: EventWarning, Device: "cell", Data: map[string]any{"event": "up", "suppressed": 5}},
		{Kind: EventWarning, Device: "cell", Data: map[string]any{"event": "up", "unwatched": 700}},
	} {
		e.Seq, e.Count, e.UTC = int64(seq), 1, 1
		line, err := EncodeEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line...)
	}
	events, _ := parseEvents(lines)
	want := map[string]DetectedBefore{
		"up":   {Count: 7, Suppressed: 5, Unwatched: 700, Starts: map[string]map[string]int64{"scope": {"started": 1, "busy": 1}}},
		"down": {Count: 1},
	}
	if got := tallyDetected(events); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestDroppedBytes: what the disk rules have removed is found from what is left.
func TestDroppedBytes(t *testing.T) {
	c := newCorpusRun(t, corpusInfo(100, StreamInfo{Channel: "A"}))
	c.epoch(0, "start")
	sum := int64(0)
	for range 4 {
		c.addAll(100)
		c.sync()
		if c.run.DroppedBytes("cell") != sum {
			t.Errorf("%d bytes, want %d", c.run.DroppedBytes("cell"), sum)
		}
		if len(c.run.sealed) < 1 {
			continue
		}
		d, err := c.run.DropOldest()
		c.must(err)
		sum += d.Samples
	}
	if got := c.run.DroppedBytes("cell"); got != sum || sum == 0 {
		t.Errorf("%d bytes, want %d", got, sum)
	}
	c.end()
}
