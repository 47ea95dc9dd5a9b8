package modeltest

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// facts is one model as the file of facts has it.
type facts struct {
	Driver      string                      `json:"driver"`
	Variant     string                      `json:"variant"`
	Channels    int                         `json:"analogue_channels"`
	Ports       int                         `json:"digital_ports"`
	Resolutions []int                       `json:"resolutions_bits"`
	Bandwidth   int64                       `json:"bandwidth_mhz"`
	Bandwidth16 int64                       `json:"bandwidth_mhz_16bit"`
	MaxChannels map[string]int              `json:"max_channels_by_resolution"`
	Rates       map[string]map[string]int64 `json:"max_sample_rate_sps"`
	Timebase    json.RawMessage             `json:"timebase"`
	Memory      map[string]int64            `json:"memory_samples"`
	Ranges      []int64                     `json:"ranges_mv"`
	Coupling    []string                    `json:"coupling"`
	Limiters    []string                    `json:"bandwidth_limiter"`
	MaxCode     map[string]int32            `json:"adc_max"`
	Generator   struct {
		Builtin   bool   `json:"builtin"`
		Arbitrary bool   `json:"awg"`
		Buffer    int    `json:"awg_buffer"`
		MaxHertz  int64  `json:"max_hz"`
		Clock     int64  `json:"dds_hz"`
		Amplitude *int64 `json:"pkpk_uv_max"`
	} `json:"siggen"`
	External      any             `json:"ext_trigger"`
	ExternalRange int64           `json:"ext_trigger_range_mv"`
	USB           string          `json:"usb"`
	Power         string          `json:"power"`
	Streaming     json.RawMessage `json:"streaming_max_sps_total"`
}

func readFacts(path, driver string) ([]facts, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Models []facts `json:"models"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return slices.DeleteFunc(file.Models, func(f facts) bool { return f.Driver != driver }), nil
}

// under returns the value whose key holds n: "12", or a span "12-16".
func under[V any](table map[string]V, n int) (v V, ok bool) {
	for key, v := range table {
		if low, high, err := span(key); err == nil && n >= low && n <= high {
			return v, true
		}
	}
	return v, false
}

// span reads "12" or "12-16".
func span(key string) (low, high int, err error) {
	a, b, isSpan := strings.Cut(key, "-")
	if low, err = strconv.Atoi(a); err != nil || !isSpan {
		return low, low, err
	}
	high, err = strconv.Atoi(b)
	return low, high, err
}

// streaming is the total rate at a resolution.
func (f facts) streaming(bits int) (int64, error) {
	var one int64
	if json.Unmarshal(f.Streaming, &one) == nil {
		return one, nil
	}
	var table map[string]int64
	if err := json.Unmarshal(f.Streaming, &table); err != nil {
		return 0, err
	}
	// A model with fewer resolutions than its neighbours has spans that begin below its own.
	if v, ok := under(table, bits); ok {
		return v, nil
	}
	return 0, fmt.Errorf("no streaming total for %d bit", bits)
}

// clocking is a timebase of the facts: listed intervals and a formula for the rest.
type clocking struct {
	listed map[uint32]int64 // picoseconds by number
	from   uint32           // the formula counts from here
	minus  uint32
	clock  int64
}

func (f facts) timebase(bits int) (clocking, error) {
	type form struct {
		List    []int64          `json:"n0_interval_ps"`
		From    map[string]int64 `json:"intervals_ps_from_n"`
		Formula string           `json:"formula"`
	}
	var one form
	if err := json.Unmarshal(f.Timebase, &one); err != nil || one.Formula == "" {
		var table map[string]form
		if err := json.Unmarshal(f.Timebase, &table); err != nil {
			return clocking{}, err
		}
		one = table[strconv.Itoa(bits)]
	}
	c := clocking{listed: map[uint32]int64{}}
	for n, ps := range one.List {
		c.listed[uint32(n)] = ps
	}
	for n, ps := range one.From {
		i, err := strconv.ParseUint(n, 10, 32)
		if err != nil {
			return c, err
		}
		c.listed[uint32(i)] = ps
	}
	return c, c.formula(one.Formula)
}

// formula reads "n>=3: (n-2)/62.5e6 s" or "n>=1: n/100e6 s".
func (c *clocking) formula(text string) error {
	from, rest, ok := strings.Cut(strings.TrimPrefix(text, "n>="), ": ")
	above, below, ok2 := strings.Cut(rest, "/")
	clock, _, ok3 := strings.Cut(below, " s")
	if !ok || !ok2 || !ok3 {
		return fmt.Errorf("formula %q", text)
	}
	n, err := strconv.ParseUint(from, 10, 32)
	if err != nil {
		return fmt.Errorf("formula %q: %w", text, err)
	}
	c.from = uint32(n)
	if above != "n" {
		m, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimPrefix(above, "(n-"), ")"), 10, 32)
		if err != nil {
			return fmt.Errorf("formula %q: %w", text, err)
		}
		c.minus = uint32(m)
	}
	hertz, err := strconv.ParseFloat(clock, 64)
	if err != nil || hertz != float64(int64(hertz)) {
		return fmt.Errorf("formula %q: the clock is no whole number of hertz", text)
	}
	c.clock = int64(hertz)
	return nil
}
