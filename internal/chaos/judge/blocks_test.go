package judge

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/internal/chaos/truth"
)

// waveform is how many samples the waveforms have that are judged here.
const waveform = 100

// captured is a recording of a unit in a block mode that has captured so many waveforms in armings of five. Those at the places given are recorded, in
// that order.
func captured(t *testing.T, n int64, places ...int64) *made {
	t.Helper()
	m := sound(t)
	p, err := truth.NewProof(serial, "A", 8, -32512, 32512)
	if err != nil {
		t.Fatal(err)
	}
	m.values, m.meta.Captures = nil, nil
	for i, at := range places {
		for k := range int64(waveform) {
			m.values = append(m.values, p.At(at*waveform+k))
		}
		start := int64(i * waveform)
		m.meta.Captures = append(m.meta.Captures, Capture{Start: start, Global: start})
	}
	m.device.Mode, m.meta.Global.Mode, m.meta.Global.Waveform = "rapid_block", "rapid_block", waveform
	m.device.Epochs = m.device.Epochs[:1]
	s := &m.device.Streams[0]
	s.Recorded, s.Lost, s.LostMin, s.LostMax, s.Gaps = int64(len(places)*waveform), 0, 0, 0, 0
	m.expect.Causes = nil
	m.expect.Unit.Arming, m.expect.Unit.Runs = 5, []truth.Run{{StartNS: began, Handed: -1, Waveforms: n}}
	return m
}

// TestWaveforms: waveforms that are there twice or missing are found, those that may be missing are not.
func TestWaveforms(t *testing.T) {
	for _, c := range []struct {
		name     string
		captured int64
		places   []int64
		told     int64 // by an event
		change   func(m *made)
		want     string // empty: nothing is wrong
	}{
		{"all", 4, []int64{0, 1, 2, 3}, 0, nil, ""},
		{"the last arming was not fetched", 9, []int64{0, 1, 2, 3}, 0, nil, ""},
		{"some were lost and are told of", 20, []int64{0, 1, 12, 13}, 11, nil, ""},
		{"a new start", 4, []int64{0, 1, 0, 1}, 0, func(m *made) {
			m.meta.Captures[2].Epoch, m.meta.Captures[3].Epoch = 1, 1
		}, ""},
		{"the same twice, and most missing", 500, []int64{0, 0}, 0, nil, "it is there twice"},
		{"most missing", 500, []int64{0, 1}, 0, nil, "of 500 waveforms that the unit captured 2 are recorded and 0 told to be lost"},
		{"one goes back", 4, []int64{0, 1, 2, 1}, 0, nil, "it is there twice"},
		{"more are missing than are told of", 20, []int64{0, 1}, 12, nil, "2 are recorded and 12 told to be lost; at most 5 may be missing"},
		{"more than there were", 1, []int64{0, 1}, 0, nil, "the unit captured 1"},
		{"a wrong sample", 2, []int64{0, 1}, 0, func(m *made) { m.values[180] ^= 256 }, "sample 80 of the waveform at 100"},
		{"a wrong sample that nobody vouches for", 2, []int64{0, 1}, 0, func(m *made) {
			m.values[180] ^= 256
			m.meta.Annotations = []Annotation{{Start: 140, Count: 60, Label: "unverified"}}
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := captured(t, c.captured, c.places...)
			m.events = fmt.Sprintf("{\"kind\":\"waveform_lost\",\"device\":\"other\",\"count\":900}\n{\"kind\":\"waveform_lost\",\"device\":\"d\",\"count\":%d}\n", c.told)
			if c.change != nil {
				c.change(m)
			}
			j := m.judge(t)
			all := strings.Join(j.Wrong, "\n")
			if (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("found:\n%s\nwant %q", all, c.want)
			}
			if got := j.Losses[0].WaveformsLost; got != c.told {
				t.Errorf("%d waveforms are told to be lost", got)
			}
		})
	}
}
