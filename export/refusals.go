package export

import (
	"fmt"
)

// What several formats refuse.

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
