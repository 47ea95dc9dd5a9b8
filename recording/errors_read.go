package recording

import "fmt"

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
