package export

import (
	"fmt"
	"slices"
	"strings"
)

// What is refused of all formats, or of several.

// used returns an [*OptionError] for an option that is not for files of the format.
func (o *Options) used(f format) error {
	switch {
	case o.UTC && !f.moments:
		return &OptionError{
			Option: "--utc", Reason: forOnly(o.To, func(f format) bool { return f.moments }),
			Advice: ".parquet has a column of UTC always; the other formats have the moment of their first sample, where they have a place for it",
		}
	case o.Float32 && !f.singles:
		return &OptionError{
			Option: "--float32", Reason: forOnly(o.To, func(f format) bool { return f.singles }),
			Advice: "leave it out: .f32, .wav, .mat and .sr have single precision always, .csv and .vcd are text",
		}
	}
	return nil
}

func forOnly(name string, such func(format) bool) string {
	return strings.Join(endingsOf(such), ", ") + ", and not for " + name
}

// singles returns an [*OptionError] for single precision where nothing but whole numbers is written.
func singles(o *Options, pieces []piece) error {
	if !o.Float32 {
		return nil
	}
	for _, p := range pieces {
		if slices.ContainsFunc(p.table.columns, func(c *column) bool { return !c.Whole() }) {
			return nil
		}
	}
	return &OptionError{
		Option: "--float32", Reason: "values, and what was chosen are whole numbers",
		Advice: "leave it out: counts and digital ports have as many bytes as they are stored with",
	}
}

// oneWaveform refuses several waveforms where a format has one axis of time.
func oneWaveform(ending string, h *header) error {
	if h.waveform > 0 && h.rows > 1 {
		return &UnfitError{
			Ending: ending, Stream: h.columns[0].Stream.Name(), Reason: "the format has one axis of time, and these are several waveforms",
			Advice: "choose one of them by its number; .npy, .mat and .h5 hold many",
		}
	}
	return nil
}

// rateFits refuses rates outside of 1 Hz up to most. Others are rounded, and a note of the header tells.
func rateFits(ending string, h *header, most uint64) error {
	hz, _ := wholeRate(h.interval)
	if hz.Sign() > 0 && hz.IsUint64() && hz.Uint64() <= most {
		return nil
	}
	return &UnfitError{
		Ending: ending, Stream: h.columns[0].Stream.Name(), Advice: ".npy, .csv and .h5 have no such limit",
		Reason: fmt.Sprintf("its rates are whole numbers from 1 to %d Hz, and this one is %s Hz", most, hertz(h.interval)),
	}
}

// singleFits refuses sums as counts: float32 holds whole numbers up to 2^24.
func singleFits(ending string, h *header) error {
	for _, c := range h.columns {
		if itemOf(c, true) == itemInt32 {
			return &UnfitError{
				Ending: ending, Stream: c.Stream.Name(), Reason: "float32 does not hold its counts of 32 bits exactly", Advice: "leave --counts out; .npy, .h5 and .csv hold them",
			}
		}
	}
	return nil
}

// arrayFits refuses arrays of whole numbers in which samples are missing.
func arrayFits(o *Options, h *header) error {
	_, err := itemsOf(h, o.Float32)
	return err
}

// itemsOf returns the items of all columns, and a [*FillError] for one that has no value for samples that are missing.
func itemsOf(h *header, single bool) ([]item, error) {
	list := make([]item, len(h.columns))
	for i, c := range h.columns {
		list[i] = itemOf(c, single)
		if !list[i].float() && !h.complete {
			return nil, &FillError{Stream: c.Stream.Name(), Digital: c.wired()}
		}
	}
	return list, nil
}
