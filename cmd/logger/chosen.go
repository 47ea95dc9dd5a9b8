package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// quantityOf returns what --volts and --counts ask for.
func quantityOf(volts, counts bool) (convert.Quantity, error) {
	switch {
	case volts && counts:
		return 0, usageError(errors.New("--volts and --counts exclude each other"), "")
	case volts:
		return convert.Volts, nil
	case counts:
		return convert.Counts, nil
	}
	return convert.Unit, nil
}

// placeUsage is the help of --from.
const placeUsage = "begin at this `PLACE`: a sample (1000, 10MS), a time from the start (90s), a moment (2026-11-20T08:00:00Z) or a time of the day on which the run began (08:00:02Z)"

// boundsOf reads --from and --until for a recording.
func boundsOf(dir, from, until string) (first, last series.Bound, err error) {
	var began recording.Timestamp
	if run, err := readRun(dir); err == nil { // else a time of the day has no day, which is told
		began = run.Started
	}
	from, until = series.Dated(from, began), series.Dated(until, began)
	if first, err = series.ParseBound(from); err != nil {
		return first, last, usageError(fmt.Errorf("--from: %w", err), "")
	}
	if last, err = series.ParseBound(until); err != nil {
		return first, last, usageError(fmt.Errorf("--until: %w", err), "")
	}
	if first.Reversed(last) {
		return first, last, usageError(fmt.Errorf("nothing lies between --from %s and --until %s", from, until), "--from is the place that comes first; what is at --until does not belong to it")
	}
	return first, last, nil
}

// unknownStream says which stream may be meant.
func unknownStream(err error, e *series.StreamError) error {
	advice := didYouMean(e.Pattern, e.Known)
	if advice == "" {
		advice = "the streams are " + strings.Join(e.Known, ", ")
	}
	return usageError(err, advice)
}
