package series

import (
	"fmt"
	"strconv"

	"github.com/scopelog/scopelog/recording"
)

// Reach tells from where to where the first of some series goes that has anything, for people who have chosen nothing of them: in samples or waveforms, in
// time from the start, and in UTC. Empty: none has anything.
func Reach(list []*Series) string {
	for _, s := range list {
		if text := s.reach(); text != "" {
			return s.Stream.Name() + " " + text
		}
	}
	return ""
}

func (s *Series) reach() string {
	var first, last *Span // that can be read
	for i := range s.Spans {
		if p := &s.Spans[i]; p.Samples > 0 {
			if last = p; first == nil {
				first = p
			}
		}
	}
	if first == nil {
		return ""
	}
	moments := fmt.Sprintf("%s to %s", moment(first.Start), moment(last.Start+recording.Timestamp(s.Interval.NS(last.Samples))))
	if s.Waveform() > 0 {
		waves := Waves([]*Series{s})
		if len(waves) == 0 {
			return ""
		}
		return fmt.Sprintf("has waveforms %d to %d, %s", waves[0].Number, waves[len(waves)-1].Number, moments)
	}
	return fmt.Sprintf("has samples %d to %d, %s to %s, %s", first.Device, last.End()-1, s.after(first.Device), s.after(last.End()), moments)
}

// after prints the time of a device index since the device's first sample.
func (s *Series) after(device int64) string {
	return strconv.FormatFloat(float64(device)*float64(s.Interval.Num)/float64(s.Interval.Den), 'g', 9, 64) + "s"
}

// moment prints a time as [ParseBound] reads it, to milliseconds.
func moment(t recording.Timestamp) string { return t.Time().Format("2006-01-02T15:04:05.000Z") }
