package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
)

func TestSelectProof(t *testing.T) {
	for _, tc := range []struct {
		name     string
		channels []string
		proven   []string // streams
		code     int
	}{
		{"none", nil, []string{"cell.A", "cell.B", "cello.A"}, 0},
		{"all", []string{allChannels}, []string{"cell.A", "cell.B", "cello.A"}, 0},
		{"a channel", []string{"cell.B"}, []string{"cell.B"}, 0},
		{"a device", []string{"cell"}, []string{"cell.A", "cell.B"}, 0},
		{"a device and its channel", []string{"cell", "cell.A"}, []string{"cell.A", "cell.B"}, 0},
		{"a channel and its device", []string{"cell.A", "cell"}, []string{"cell.A", "cell.B"}, 0},
		{"one that is not there", []string{"cell", "cell.C"}, []string{"cell.A", "cell.B"}, exitUsage},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := &recording.Report{}
			for _, name := range []string{"cell.A", "cell.B", "cello.A"} {
				r.Streams = append(r.Streams, recording.StreamReport{
					Name: name, Proven: 5,
					Damage: []recording.Damage{{Kind: recording.DamageProof, Stream: name}},
				})
			}
			if got := exitCode(selectProof(r, tc.channels)); got != tc.code {
				t.Errorf("exit code %d, want %d", got, tc.code)
			}
			var proven []string
			for _, s := range r.Streams {
				if (s.Proven > 0) != (len(s.Damage) > 0) {
					t.Errorf("%s: %d samples proven and %d ranges damaged", s.Name, s.Proven, len(s.Damage))
				}
				if s.Proven > 0 {
					proven = append(proven, s.Name)
				}
			}
			if diff := cmp.Diff(tc.proven, proven); diff != "" {
				t.Errorf("proven (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProofText(t *testing.T) {
	r := &recording.Report{Streams: []recording.StreamReport{
		{Name: "cell.A", Proven: 900, Wrong: 150, Truncated: true},
		{Name: "cell.B", Proven: 3, Wrong: 1997},
		{Name: "cell.C", Proven: 2000},
	}}
	want := "cell.A: and more: ranges of samples that are not the proof signal are not listed beyond 100 of a segment\n" +
		"cell.B: 1,997 of 2,000 samples are not the proof signal: does this channel carry it? name those that do with --proof=DEVICE.CHANNEL\n"
	if got := proofText(r); got != want {
		t.Errorf("%s", got)
	}
	if j := verifyResult(r).Streams; !j[0].Truncated || j[1].Truncated || j[1].Wrong != 1997 {
		t.Errorf("%+v", j)
	}
}
