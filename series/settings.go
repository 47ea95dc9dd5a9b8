package series

import (
	"slices"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// settings are what may not change inside of a series: values of two units are not of one kind.
type settings struct {
	interval recording.Fraction
	datatype recording.Datatype
	waveform int64
	unit     string // where values are in it
}

func settingsOf(g *recording.Global, q convert.Quantity) settings {
	s := settings{interval: g.SampleInterval, datatype: g.Datatype, waveform: g.WaveformSamples}
	if q == convert.Unit {
		s.unit = g.Unit
	}
	return s
}

// eras returns the numbers of the segments at which the settings of a device's streams change, by device.
func eras(streams []Choice, q convert.Quantity) map[string][]int {
	changes := map[string][]int{}
	for _, s := range streams {
		list := s.Segments()
		for i := 1; i < len(list); i++ {
			d := list[i].Global.Device
			if settingsOf(&list[i].Global, q) != settingsOf(&list[i-1].Global, q) && !slices.Contains(changes[d], list[i].Number) {
				changes[d] = append(changes[d], list[i].Number)
			}
		}
	}
	return changes
}
