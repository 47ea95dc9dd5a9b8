package session

import (
	"errors"
	"fmt"
	"math"
	"syscall"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// What is open at once while a run records, beside the files of its streams.
const (
	filesOfRun    = 24 // the program's own, its logs and events, the control socket and some who ask
	filesOfDevice = 11 // pipes, sockets, ring and doorbells of its plugin; its journals and clock pairs at a rotation
	// leastOfStream are data and overview of two segments.
	leastOfStream = 4
)

// filesNeeded is how many files a run of so many devices has open at once, of whose streams there are ofStreams.
func filesNeeded(devices, ofStreams int) int64 {
	return int64(filesOfRun + filesOfDevice*devices + ofStreams)
}

// fitFiles refuses a run that needs more files at once than the process may have open; allowed -1: nobody knows.
func fitFiles(need, allowed int64) error {
	if allowed < 0 || need <= allowed {
		return nil
	}
	return &Error{
		Class:  ClassDisk,
		Err:    fmt.Errorf("the run has up to %d files open at once, for its devices and their streams; %d are allowed", need, allowed),
		Advice: fmt.Sprintf("raise the limit: ulimit -n %d, or LimitNOFILE=%d of a systemd service; or record fewer channels", need, need),
	}
}

// leastFiles is what the plan's devices need at least, as far as can be told before they are asked.
func leastFiles(p *plan.Plan) int64 {
	streams := 0
	for _, d := range p.Devices {
		streams += max(len(d.Channels), 1)
	}
	return filesNeeded(len(p.Devices), leastOfStream*streams)
}

// filesOf is what the opened devices need with segments as long as the plan has them. seconds is the length of the run, -1: open.
func filesOf(r plan.Run, opened []*unit, seconds float64) int64 {
	files := 0
	for _, u := range opened {
		for _, s := range u.applied.Streams {
			files += leastOfStream + upperLevels(segmentSamples(r.Rotate, u.applied, s, seconds))
		}
	}
	return filesNeeded(len(opened), files)
}

// segmentSamples is the most samples of a stream in one segment.
func segmentSamples(r plan.Rotate, a driver.Applied, s driver.Stream, seconds float64) float64 {
	perSecond := 0.0
	if interval := a.Interval.Float64() * float64(max(s.Ratio, 1)); interval > 0 {
		perSecond = 1 / interval
	}
	most := math.Inf(1)
	switch {
	case r.Hourly:
		most = 3600 * perSecond
	case r.Every > 0:
		most = r.Every.Seconds() * perSecond
	case r.Size > 0:
		most = float64(r.Size) / float64(s.Type.Bytes())
	}
	if seconds >= 0 {
		most = min(most, seconds*perSecond)
	}
	return most
}

// upperLevels is how many levels above the first one the overview of so many samples has.
func upperLevels(samples float64) int {
	n := 0
	for bin := float64(recording.OverviewBin); n+1 < recording.OverviewLevels && samples >= bin*recording.OverviewNextRows; bin *= recording.OverviewFactor {
		n++
	}
	return n
}

// OutOfFiles tells whether err comes from the limit of open files, of the process or the system.
func OutOfFiles(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// AdviceFiles says what to do about the limit of open files.
const AdviceFiles = "raise the limit of open files: ulimit -n 4096, or LimitNOFILE=4096 of a systemd service"
