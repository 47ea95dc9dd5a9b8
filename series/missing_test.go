package series

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestMissing tells what files have lost of a stream, inside of what is looked at.
func TestMissing(t *testing.T) {
	t.Parallel()
	info := recordingtest.Device(recordingtest.Analog("A"))
	info.CutSamples = 64
	l := recordingtest.New(t, info)
	l.Add(200)
	l.Seal()
	if err := os.Remove(filepath.Join(l.Dir(), "cell.A-000001.sigmf-data")); err != nil {
		t.Fatal(err)
	}
	r, err := recording.OpenWith(l.Dir(), recording.OpenOptions{Damaged: true})
	if err != nil {
		t.Fatal(err)
	}
	s := one(t, r, "cell.A", convert.Unit)
	for _, c := range []struct {
		name     string
		from, to int64
		want     *MissingError
	}{
		{"all", 0, 200, &MissingError{Stream: "cell.A", Samples: 64, From: 64}},
		{"before", 0, 64, nil},
		{"behind", 128, 200, nil},
		{"a part", 100, 110, &MissingError{Stream: "cell.A", Samples: 10, From: 100}},
		{"nothing", 70, 70, nil},
	} {
		if diff := cmp.Diff(c.want, s.Missing(c.from, c.to)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
	if list := Vanished(r, nil); len(list) > 0 {
		t.Errorf("vanished is %v", list)
	}
}

// TestMissingWaves counts the waveforms that files have lost, and names the stream that lacks the first one.
func TestMissingWaves(t *testing.T) {
	t.Parallel()
	s := one(t, gappy(t), "cell.B", convert.Unit)
	list := []*Series{one(t, gappy(t), "cell.A", convert.Unit), s}
	if got := MissingWaves(list, []Wave{{Number: 3}, {Number: 4}}); got != nil {
		t.Errorf("of none %v", got)
	}
	want := &MissingError{Stream: "cell.B", Waveforms: 3, From: 4}
	if diff := cmp.Diff(want, MissingWaves(list, []Wave{{Number: 3}, {Number: 4, Lost: 2, Lacking: 1}, {Number: 6, Lost: 1}})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestMissingTexts(t *testing.T) {
	t.Parallel()
	for text, err := range map[string]error{
		"stream a.A: its files do not hold 19,990 samples any more that were recorded, from sample 1,000 on":  &MissingError{Stream: "a.A", Samples: 19990, From: 1000},
		"stream a.A: its files do not hold 1 sample any more that were recorded, from sample 0 on":            &MissingError{Stream: "a.A", Samples: 1},
		"stream a.A: its files do not hold 1,234 waveforms any more that were recorded, from number 5,678 on": &MissingError{Stream: "a.A", Waveforms: 1234, From: 5678},
		"there are no samples in what was chosen":                                                             Nothing(nil),
	} {
		if err.Error() != text {
			t.Errorf("%q, want %q", err, text)
		}
	}
	if !errors.Is(Nothing([]*Series{one(t, gappy(t), "cell.A", convert.Unit)}), ErrEmpty) {
		t.Error("not the error that callers know")
	}
}
