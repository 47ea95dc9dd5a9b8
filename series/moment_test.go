package series

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestMoment: a place becomes the moment of the first sample or waveform behind it; inside a gap of the one before the gap would have gone on to.
func TestMoment(t *testing.T) {
	t.Parallel()
	device := recordingtest.Device(recordingtest.Analog("A"))
	device.Mode, device.Streams[0].Global.WaveformSamples = recording.ModeRapidBlock, 100
	block := recordingtest.New(t, device)
	for i := range int64(4) {
		block.Wave(i, 100, 0, 0)
	}
	stream, waves := []*Series{one(t, gappy(t), "cell.A", convert.Counts)}, []*Series{one(t, block.Open(), "cell.A", convert.Counts)}
	second := Waves(waves)[2].Start
	const none, behind = recording.Timestamp(-1), recording.Timestamp(-2)
	after := func(d time.Duration) recording.Timestamp { return recordingtest.StartUTC + recording.Timestamp(d) }
	for _, c := range []struct {
		name string
		of   []*Series
		text string
		want recording.Timestamp
	}{
		{"none", stream, "", none},
		{"first", stream, "0", after(0)},
		{"sample", stream, "70", after(70 * time.Millisecond)},
		{"time between samples", stream, "70.5ms", after(71 * time.Millisecond)},
		{"behind a gap", stream, "150", after(150 * time.Millisecond)},
		{"inside a gap", stream, "120", after(120 * time.Millisecond)},
		{"a moment", stream, "2026-11-20T08:00:00.07Z", after(70 * time.Millisecond)},
		{"last", stream, "299", after(299 * time.Millisecond)},
		{"behind the last", stream, "300", behind},
		{"far behind", stream, "2030-01-01T00:00:00Z", behind},
		{"a waveform", waves, "2", second},
		{"behind the last waveform", waves, "4", behind},
		{"no series", nil, "1", behind},
	} {
		b, err := ParseBound(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.Moment(c.of, recordingtest.StartUTC, none, behind); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestByRate: streams of one rate are together, in their order.
func TestByRate(t *testing.T) {
	t.Parallel()
	slow := recordingtest.Analog("B")
	slow.Global.Kind, slow.Ratio = recording.KindDecimate, 10
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), slow, recordingtest.Analog("C")))
	l.Add(100)
	var got [][]string
	for _, group := range ByRate(l.Open().Streams()) {
		var names []string
		for _, s := range group {
			names = append(names, s.Name())
		}
		got = append(got, names)
	}
	if diff := cmp.Diff([][]string{{"cell.A", "cell.C"}, {"cell.B"}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if ByRate[*recording.Stream](nil) != nil {
		t.Error("none is some")
	}
}
