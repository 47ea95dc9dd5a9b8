package recorder

import "testing"

// TestMarkWaitsForPlaces: a mark in a device that goes on, of whose present segment nothing is recorded yet, waits for the first sample.
func TestMarkWaitsForPlaces(t *testing.T) {
	d := &Device{lanes: []lane{{ratio: 1, recorded: 1000}}}
	d.Mark("here", 7, 1500)
	if d.setMarks(false); len(d.marks) != 1 {
		t.Fatal("it was set")
	}
	d.lanes[0].breaks.add(place{1000, 1400})
	if d.setMarks(false); len(d.marks) != 1 {
		t.Error("its sample is not there")
	}
}
