package recording

import (
	"fmt"

	"github.com/scopelog/scopelog/units"
)

// GapError is returned when a range of device indexes is asked for as contiguous and is not. [Stream.Ranges] splits a range at its gaps.
type GapError struct {
	Stream      string
	From, To    int64 // what was asked for, device indexes
	DeviceIndex int64 // of the first sample that is missing
	StreamIndex int64 // of the first sample behind the gap
	Gap         *Gap  // nil: nothing is lost there, but a waveform ends
}

func (e *GapError) Error() string {
	if e.Gap == nil {
		return fmt.Sprintf("stream %s: samples %d to %d: a waveform ends before %d", e.Stream, e.From, e.To, e.DeviceIndex)
	}
	return fmt.Sprintf("stream %s: samples %d to %d: %d are missing at %d, cause %s", e.Stream, e.From, e.To, e.Gap.Lost, e.DeviceIndex, e.Gap.Cause)
}

// RangeError is returned for samples that the stream does not hold at all: before its start, behind its end, in a file that is missing.
type RangeError struct {
	Stream         string
	From, To       int64 // what was asked for
	HaveFrom, Have int64 // what there is, in the same kind of index: [HaveFrom, Have)
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("stream %s: samples %d to %d: there are %d to %d", e.Stream, e.From, e.To, e.HaveFrom, e.Have)
}

// DamagedError is returned when samples are asked for that are annotated as damaged or unverified. [OpenOptions.Damaged] hands them out.
type DamagedError struct {
	Stream   string
	From, To int64 // the annotated range, stream indexes
	Label    Label
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("stream %s: samples at stream index %d to %d are %s", e.Stream, e.From, e.To, e.Label)
}

// SurplusError is what [Recording.Problems] tells of a file that has become longer since it was sealed. What is behind its samples is not read.
type SurplusError struct {
	Stream string
	File   string
	Bytes  int64 // behind those that were sealed
}

func (e *SurplusError) Error() string {
	return fmt.Sprintf("stream %s: %s has %s bytes behind those that were sealed; they are not read", e.Stream, e.File, units.FormatCount(e.Bytes))
}
