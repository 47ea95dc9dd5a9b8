package lent

import (
	"errors"
	"strings"
	"testing"
	"unsafe"
)

// TestConfig: what is missing is refused with words on every system; what is complete gets further.
func TestConfig(t *testing.T) {
	t.Parallel()
	var word int64
	p := unsafe.Pointer(&word)
	all := [Buffers]unsafe.Pointer{p, p, p}
	good := func() Config {
		return Config{
			Common: Common{RingFD: -1, Streams: []Stream{{Format: Int16}}}, GetStreamingLatestValues: p, SetDataBuffer: p, SetDataBuffers: p,
			BufferSamples: 4, Inputs: []Input{{Buffers: all, Format: Int16}},
		}
	}
	tests := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no function", func(c *Config) { c.GetStreamingLatestValues = nil }, "no GetStreamingLatestValues"},
		{"no SetDataBuffer", func(c *Config) { c.SetDataBuffer = nil }, "no SetDataBuffer"},
		{"no SetDataBuffers", func(c *Config) { c.SetDataBuffers, c.Inputs[0].Mode = nil, ModeAggregate }, "no SetDataBuffers"},
		{"no length", func(c *Config) { c.BufferSamples = 0 }, "buffers of 0 samples"},
		{"no input", func(c *Config) { c.Inputs = nil }, "0 inputs"},
		{"no third buffer", func(c *Config) { c.Inputs[0].Buffers[2] = nil }, "input 0: buffer 2 is missing"},
		{"no buffer for the smallest", func(c *Config) { c.Inputs[0].Mode = ModeAggregate }, "input 0: buffer 0 is missing"},
		{"same twice", func(c *Config) { c.Inputs = append(c.Inputs, c.Inputs[0]) }, "the same channel and mode"},
		{"three modes", func(c *Config) {
			c.Inputs = append(c.Inputs, Input{VendorMode: 2, Mode: ModeDecimate, Buffers: all}, Input{VendorMode: 4, Mode: ModeAverage, Buffers: all})
		}, "one mode beside raw"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := good()
			tt.change(&cfg)
			for _, do := range []func(Config) error{Register, func(c Config) error { _, err := Start(c); return err }} {
				if err := do(cfg); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error %v, want %q", err, tt.want)
				}
			}
		})
	}
	if _, err := Start(good()); err == nil || errors.Is(err, ErrConfig) { // there is no ring, or no support
		t.Errorf("complete configuration: %v", err)
	}
}
