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
	switch meant := namesMeant(e, pins); {
	case len(meant) > 0:
		advice = "did you mean " + alternatives(meant) + "?"
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

// namesMeant returns what is meant by a name without its device, and the pins that are meant by one which differs in the case of letters or has that of
// the port in it.
func namesMeant(e *series.StreamError, pins []string) []string {
	for _, p := range pins {
		if strings.EqualFold(p, e.Pattern) {
			return []string{p}
		}
	}
	if !strings.Contains(e.Pattern, ".") && e.Pattern != "" {
		return withoutDevice(e)
	}
	if !e.Port {
		return nil
	}
	rest := strings.Trim(e.Pattern[len(e.Of):], ".:[]")
	kind := ""
	if words := strings.SplitN(e.Of, ".", 3); len(words) == 3 {
		kind = "." + words[2]
	}
	var list []string
	for _, p := range pins {
		_, name, _ := strings.Cut(p, ".")
		of := ""
		if m := numberForm.FindStringSubmatch(name); m != nil {
			name, of = m[1]+m[2], m[3]
		}
		if of != kind && slices.Contains(e.Known, e.Of) { // else the port was recorded in other kinds only
			continue
		}
		if strings.EqualFold(name, rest) || strings.TrimLeft(name, "D") == strings.TrimLeft(rest, "dpinDPIN") {
			list = append(list, p)
		}
	}
	return list
}

// withoutDevice returns the names that a pattern without a device stands for; reduced streams and pins only where there are no others.
func withoutDevice(e *series.StreamError) (names []string) {
	var reduced []string
	for _, name := range slices.Concat(e.Known, e.Labels, e.Pins) {
		_, rest, _ := strings.Cut(name, ".")
		if strings.EqualFold(rest, e.Pattern) {
			names = append(names, name)
		} else if strings.HasPrefix(strings.ToLower(rest), strings.ToLower(e.Pattern)+".") {
			reduced = append(reduced, name)
		}
	}
	if len(names) > 0 {
		return names
	}
	return reduced
}

// mostAlternatives is how many names are told where one of them may be meant.
const mostAlternatives = 4

// alternatives joins names of which one is meant: "bus.D0 or cell.D0".
func alternatives(names []string) string {
	var list []string
	for _, name := range names {
		if !slices.Contains(list, name) { // two pins may have a label in common
			list = append(list, name)
		}
	}
	if more := len(list) - mostAlternatives; more > 0 {
		list = append(list[:mostAlternatives], fmt.Sprintf("%d more", more))
	}
	return strings.Join(list, " or ")
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
