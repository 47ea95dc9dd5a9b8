package overview

import (
	"fmt"
	"unsafe"

	"github.com/scopelog/scopelog/picosdk/internal/loop"
)

// buffers are the input's buffers in the order of its feeds: largest before smallest.
func (in *Input) buffers() []unsafe.Pointer {
	if in.Mode == ModeAggregate {
		return []unsafe.Pointer{in.Buffer, in.MinBuffer}
	}
	return []unsafe.Pointer{in.Buffer}
}

// check judges what package loop cannot see.
func (c *Config) check() error {
	switch {
	case c.GetStreamingLatestValues == nil:
		return fmt.Errorf("%w: no GetStreamingLatestValues", ErrConfig)
	case c.BufferSamples == 0 || c.BufferSamples > 1<<31-1:
		return fmt.Errorf("%w: buffers of %d samples", ErrConfig, c.BufferSamples)
	case len(c.Inputs) > loop.MaxInputs/2:
		return fmt.Errorf("%w: %d inputs", ErrConfig, len(c.Inputs))
	}
	for i := range c.Inputs {
		if c.Inputs[i].Mode != c.Inputs[0].Mode {
			return fmt.Errorf("%w: input %d is of another mode than the first", ErrConfig, i)
		}
		for _, b := range c.Inputs[i].buffers() {
			if b == nil {
				return fmt.Errorf("%w: input %d lacks a buffer", ErrConfig, i)
			}
		}
	}
	return nil
}

// ratio is the number of raw samples behind each that the library delivers.
func (c *Config) ratio() uint32 {
	if c.Inputs[0].Mode == ModeRaw {
		return 1
	}
	return max(c.Ratio, 1)
}

func (c *Config) inputs() []loop.Input {
	var list []loop.Input
	for _, in := range c.Inputs {
		list = append(list, loop.Input{Mode: in.Mode, Format: in.Format, MaxCode: in.MaxCode})
	}
	return list
}
