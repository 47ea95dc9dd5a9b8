package main

import (
	"slices"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// lengthOf is how long a recording is, in seconds, as its end is told and ls and inspect show it: the longest stream from its first sample to its last,
// gaps included. Where no device streams, or none brought a sample, it is the host's time from the opening to the sealing. ok is false for a run
// that has not ended. run.json does not count what a run misses that was stopped and went on: of such a run the streams in dir are asked.
func lengthOf(dir string, r *recording.RunFile) (seconds float64, ok bool) {
	if r.Ended == 0 {
		return 0, false
	}
	ends := streamEnds(dir, r)
	for i := range r.Devices {
		d := &r.Devices[i]
		if d.Mode.Block() || !d.RawInterval.Valid() {
			continue
		}
		for _, s := range d.Streams {
			if s.Recorded == 0 {
				continue // a device that was lost before its first sample may be told to have lost any time
			}
			samples := float64(max(s.Recorded+s.Lost, ends[s.Name])) * float64(max(s.Ratio, 1))
			seconds = max(seconds, samples*float64(d.RawInterval.Num)/float64(d.RawInterval.Den))
		}
	}
	if seconds == 0 {
		seconds = r.Ended.Time().Sub(r.Started.Time()).Seconds()
	}
	return seconds, true
}

// streamEnds are the device indexes behind the last samples of the streams, by name, of a run that was stopped and went on; nil for others, and where
// that cannot be read.
func streamEnds(dir string, r *recording.RunFile) map[string]int64 {
	paused := func(e recording.RunEpoch) bool { return e.Cause == recording.CauseNotKept.String() }
	if !slices.ContainsFunc(r.Devices, func(d recording.RunDevice) bool { return slices.ContainsFunc(d.Epochs, paused) }) {
		return nil
	}
	rec, err := recording.Open(dir)
	if err != nil {
		return nil
	}
	ends := map[string]int64{}
	for _, s := range rec.Streams() {
		_, ends[s.Name()] = s.DeviceRange()
	}
	return ends
}

// lostOf is how many samples a run lost: of each device what the stream lost that lost most, in raw samples, as what one loss takes from all streams of
// a device is one loss.
func lostOf(r *recording.RunFile) int64 {
	sum := int64(0)
	for i := range r.Devices {
		most := int64(0)
		for _, s := range r.Devices[i].Streams {
			most = max(most, s.Lost*max(s.Ratio, 1))
		}
		sum += most
	}
	return sum
}

// summaryLength is [lengthOf] the run that has ended, as its folder says it; where that cannot be read, the host's time.
func summaryLength(s *session.Summary) float64 {
	if r, err := readRun(s.Dir); err == nil {
		if seconds, ok := lengthOf(s.Dir, r); ok {
			return seconds
		}
	}
	return s.Elapsed
}
