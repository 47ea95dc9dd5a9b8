package overview

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
	good := func() Config {
		return Config{
			Common: Common{RingFD: -1, Streams: []Stream{{Format: Int16}}}, GetStreamingLatestValues: p, BufferSamples: 4, Inputs: []Input{{Buffer: p, Format: Int16}},
		}
	}
	tests := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no function", func(c *Config) { c.GetStreamingLatestValues = nil }, "no GetStreamingLatestValues"},
		{"no length", func(c *Config) { c.BufferSamples = 0 }, "buffers of 0 samples"},
		{"too long", func(c *Config) { c.BufferSamples = 1 << 31 }, "buffers of 2147483648 samples"},
		{"no buffer", func(c *Config) { c.Inputs[0].Buffer = nil }, "input 0 lacks a buffer"},
		{"no buffer for the smallest", func(c *Config) { c.Inputs[0].Mode, c.Ratio = ModeAggregate, 2 }, "input 0 lacks a buffer"},
		{"two modes", func(c *Config) { c.Inputs = append(c.Inputs, Input{Buffer: p, Mode: ModeAverage, Format: Int16}) }, "of another mode"},
		{"too many", func(c *Config) { c.Inputs = make([]Input, 33) }, "33 inputs"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := good()
			tt.change(&cfg)
			if _, err := Start(cfg); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := Start(good()); err == nil || errors.Is(err, ErrConfig) { // there is no ring, or no support
		t.Errorf("complete configuration: %v", err)
	}
}
