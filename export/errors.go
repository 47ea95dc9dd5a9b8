package export

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// OptionError is returned for an option that would change nothing of what is written.
type OptionError struct {
	Option string // as the command has it, such as --utc
	Reason string // what it is for
	Advice string
}

func (e *OptionError) Error() string { return e.Option + " is for " + e.Reason }

// UnfitError is returned for what a format cannot hold.
type UnfitError struct {
	Ending string // of the format
	Stream string // one that it cannot hold; "": the reason tells
	Reason string
	Advice string // what can
}

func (e *UnfitError) Error() string {
	if e.Stream == "" {
		return fmt.Sprintf("%s cannot hold that: %s", e.Ending, e.Reason)
	}
	return fmt.Sprintf("%s cannot hold stream %s: %s", e.Ending, e.Stream, e.Reason)
}

// GapsError is returned for gaps inside of what is exported, with [Refuse].
type GapsError struct {
	Stream      string
	DeviceIndex int64          // of the first sample that is missing in the first of them
	Gap         *recording.Gap // nil: the settings of the device changed there
	Pieces      int            // stretches without a gap
	CanFill     bool           // [Fill] is possible
}

func (e *GapsError) Error() string {
	if e.Gap == nil {
		return fmt.Sprintf("stream %s: the device's settings changed at sample %s", e.Stream, units.FormatCount(e.DeviceIndex))
	}
	if e.Gap.Cause == recording.CauseNotKept {
		return fmt.Sprintf("stream %s: %s not kept by the plan, from %s on; there are %s without a gap",
			e.Stream, are(e.Gap.Lost, "sample"), units.FormatCount(e.DeviceIndex), plural(int64(e.Pieces), "stretch"))
	}
	cause := e.Gap.Cause.String()
	if lo, hi := e.Gap.Bounds(); lo != hi {
		cause += fmt.Sprintf("; estimated, between %s and %s", units.FormatCount(lo), units.FormatCount(hi))
	}
	return fmt.Sprintf("stream %s: %s missing at %s (%s); there are %s without a gap",
		e.Stream, are(e.Gap.Lost, "sample"), units.FormatCount(e.DeviceIndex), cause, plural(int64(e.Pieces), "stretch"))
}

func plural(n int64, noun string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(noun, "ch"):
		noun += "es"
	default:
		noun += "s"
	}
	return units.FormatCount(n) + " " + noun
}

// are is plural with its verb.
func are(n int64, noun string) string {
	if n == 1 {
		return plural(n, noun) + " is"
	}
	return plural(n, noun) + " are"
}

// RemovedError is returned when samples of a run that is being recorded were removed, by a rule of its plan, while they were exported.
type RemovedError struct{ Stream string }

func (e *RemovedError) Error() string {
	return fmt.Sprintf("stream %s: samples of it were removed meanwhile, by a rule of the plan of the run that is being recorded", e.Stream)
}

// FillError is returned for an array of whole numbers in which samples are missing: they have no value for them.
type FillError struct {
	Stream  string
	Digital bool // the stream is whole numbers always
}

func (e *FillError) Error() string {
	return fmt.Sprintf("stream %s: whole numbers have no value for samples that are missing", e.Stream)
}
