package lent

import (
	"fmt"

	"github.com/scopelog/scopelog/picosdk/internal/loop"
)

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrConfig, fmt.Sprintf(format, args...))
}

// check judges what package loop cannot see.
func (c *Config) check() error {
	switch {
	case c.GetStreamingLatestValues == nil:
		return bad("no GetStreamingLatestValues")
	case c.BufferSamples <= 0:
		return bad("buffers of %d samples", c.BufferSamples)
	case len(c.Inputs) == 0 || len(c.Inputs) > loop.MaxInputs/2:
		return bad("%d inputs", len(c.Inputs))
	}
	mode := ModeRaw
	for i := range c.Inputs {
		in := &c.Inputs[i]
		if in.Mode != ModeRaw && mode != ModeRaw && in.Mode != mode {
			return bad("input %d: a library has one mode beside raw", i)
		}
		mode = max(mode, in.Mode)
		if err := in.check(c); err != nil {
			return bad("input %d: %v", i, err)
		}
		for j := range i {
			if o := &c.Inputs[j]; o.Channel == in.Channel && o.VendorMode == in.VendorMode {
				return bad("inputs %d and %d are the same channel and mode", j, i)
			}
		}
	}
	return nil
}

func (in *Input) check(c *Config) error {
	if in.Mode == ModeAggregate && c.SetDataBuffers == nil {
		return fmt.Errorf("no SetDataBuffers")
	}
	if in.Mode != ModeAggregate && c.SetDataBuffer == nil {
		return fmt.Errorf("no SetDataBuffer")
	}
	for k := range Buffers {
		if in.Buffers[k] == nil || in.Mode == ModeAggregate && in.MinBuffers[k] == nil {
			return fmt.Errorf("buffer %d is missing", k)
		}
	}
	return nil
}

func (c *Config) inputs() []loop.Input {
	var list []loop.Input
	for _, in := range c.Inputs {
		list = append(list, loop.Input{Mode: in.Mode, Format: in.Format, MaxCode: in.MaxCode})
	}
	return list
}

// ratio is the number of raw samples behind each of an input's.
func (c *Config) ratio(in *Input) uint32 {
	if in.Mode == ModeRaw {
		return 1
	}
	return max(c.Ratio, 1)
}

func (c *Config) add() uint32 {
	if c.ActionAdd == 0 {
		return 2
	}
	return c.ActionAdd
}

func (c *Config) clearAll() uint32 {
	if c.ActionClearAll == 0 {
		return 1
	}
	return c.ActionClearAll
}
