package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/convert"
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

// boundsOf reads --from and --until.
func boundsOf(from, until string) (first, last series.Bound, err error) {
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
