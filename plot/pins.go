package plot

import (
	"slices"
	"strings"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// pinTracks lays pins out in time, those of one port together.
func pinTracks(chosen []series.Choice, from, until recording.Timestamp) []*track {
	var list []*track
	of := map[*recording.Stream]*track{}
	for _, c := range chosen {
		t := of[c.Stream]
		if t == nil {
			t = newTrack(c.Stream, from, until)
			of[c.Stream], list = t, append(list, t)
		}
		t.pins = append(t.pins, c)
	}
	return list
}

// shown lists the pins of a port that a track shows.
func (t *track) shown() []series.Pin {
	if t.pins == nil {
		return series.PinsOf(t.global.Device, t.global.Channel, t.labels)
	}
	var list []series.Pin
	for _, c := range t.pins {
		list = append(list, c.Pin)
	}
	return list
}

// names lists what a track shows.
func (t *track) names() []string {
	if t.pins == nil {
		return []string{t.source.Name()}
	}
	var list []string
	for _, c := range t.pins {
		list = append(list, c.Name())
	}
	return list
}

// name names what a track shows.
func (t *track) name() string { return strings.Join(t.names(), ", ") }

// withoutKind names what a track shows as if it were not reduced.
func (t *track) withoutKind() string {
	var list []string
	for _, name := range t.names() {
		list = append(list, unreduced(name))
	}
	return strings.Join(list, ", ")
}

func unreduced(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, ".min"), ".max")
}

// mask is the bits of the pins that a track shows.
func (t *track) mask() (m uint8) {
	for _, p := range t.shown() {
		m |= 1 << p.Bit
	}
	return m
}

// legend names the pins that a track shows, each with what the plan calls it; joined where that is the minimum and the maximum.
func (t *track) legend(joined bool) string {
	var list []string
	for _, c := range t.pins {
		name := c.Name()
		if joined {
			name = unreduced(name) + minToMax
		}
		if c.Pin.Label != "" {
			name += ": " + c.Pin.Label
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

// shows tells that a track shows a pin; none stands for all that is not one.
func (t *track) shows(p series.Pin) bool {
	if p.Name == "" {
		return t.pins == nil
	}
	return slices.ContainsFunc(t.pins, func(c series.Choice) bool { return c.Pin.Name == p.Name })
}
