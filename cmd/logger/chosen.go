package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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

// unknownStream says which stream, or which pin, may be meant.
func unknownStream(err error, e *series.StreamError) error {
	pins := e.PinsOf()
	names := slices.Concat(e.Known, e.Labels)
	if !pinForm.MatchString(e.Pattern) || len(pins) == 0 {
		names = slices.Concat(names, e.Pins)
	}
	advice := ""
	switch meant := pinMeant(e, pins); {
	case meant != "":
		advice = "did you mean " + meant + "?"
	case len(pins) > 0 && (e.Port || pinForm.MatchString(e.Pattern)): // a pin that there is not
		advice = "the pins are " + strings.Join(spans(pins), ", ")
	default:
		advice = didYouMean(e.Pattern, names)
	}
	if advice == "" {
		advice = "the streams are " + strings.Join(e.Known, ", ")
	}
	return usageError(err, advice)
}

// pinForm is the form of names of pins.
var pinForm = regexp.MustCompile(`^[^.]+\.[A-Za-z]\d+(\.[a-z]+)?$`)

// pinMeant returns the pin that is meant by a name which differs in the case of letters, or has that of the port in it.
func pinMeant(e *series.StreamError, pins []string) string {
	for _, p := range pins {
		if strings.EqualFold(p, e.Pattern) {
			return p
		}
	}
	if !e.Port {
		return ""
	}
	rest := strings.Trim(e.Pattern[len(e.Of):], ".:[]")
	for _, p := range pins {
		_, name, _ := strings.Cut(p, ".")
		if strings.EqualFold(name, rest) || strings.TrimLeft(name, "D") == strings.TrimLeft(rest, "dpinDPIN") {
			return p
		}
	}
	return ""
}

// spans joins names that follow each other: "cell.D0 to cell.D7".
func spans(names []string) []string {
	number := func(name string) (before string, n int, behind string) {
		m := numberForm.FindStringSubmatch(name)
		if m == nil {
			return name, 0, ""
		}
		n, _ = strconv.Atoi(m[2])
		return m[1], n, m[3]
	}
	var list []string
	for i := 0; i < len(names); {
		before, n, behind := number(names[i])
		k := i + 1
		for ; k < len(names); k++ {
			if b, m, e := number(names[k]); b != before || e != behind || m != n+k-i {
				break
			}
		}
		if list = append(list, names[i]); k > i+1 {
			list[len(list)-1] += " to " + names[k-1]
		}
		i = k
	}
	return list
}

// numberForm takes the name of a pin apart.
var numberForm = regexp.MustCompile(`^(.*?)(\d+)(\.[a-z]+)?$`)
