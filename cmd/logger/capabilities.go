package main

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// capabilityLines is what a model can do, in the words of plans.
type capabilityLines struct {
	Model       string         `json:"model"`
	Resolutions []int          `json:"resolutions_bits"`
	Channels    []channelLines `json:"channels"`
	Digital     []string       `json:"digital"`
	Modes       []modeLines    `json:"modes"`
	Trigger     []string       `json:"trigger_sources"`
	Generator   []string       `json:"generator_waves"`
	Power       []string       `json:"power"`
}

type channelLines struct {
	Name       string   `json:"name"`
	Ranges     []string `json:"ranges"`
	AnyRange   bool     `json:"any_range"` // everything from the first to the last range
	Couplings  []string `json:"couplings"`
	Bandwidths []string `json:"bandwidths"`
}

type modeLines struct {
	Mode       string      `json:"mode"`
	Ready      bool        `json:"ready"`
	NotReady   string      `json:"not_ready,omitempty"`
	Rates      []rateLines `json:"rates"`
	Downsample []string    `json:"downsample"`
	RawBeside  bool        `json:"keep_raw"`
}

// rateLines are the rates possible under a condition.
type rateLines struct {
	When    string `json:"when,omitempty"` // such as "up to 2 channels, 14 bit"; empty: always
	Fastest string `json:"fastest"`
	Slowest string `json:"slowest"`
	Limit   string `json:"limit,omitempty"` // the fact behind it
}

func describeCapabilities(can driver.Capabilities) capabilityLines {
	out := capabilityLines{
		Model: can.Model, Resolutions: append([]int{}, can.Resolutions...), Channels: []channelLines{}, Digital: []string{},
		Modes: []modeLines{}, Trigger: append([]string{}, can.Trigger.Sources...), Generator: []string{}, Power: []string{},
	}
	for _, c := range can.Channels {
		l := channelLines{Name: c.Name, Ranges: []string{}, AnyRange: c.AnyRange, Couplings: []string{}, Bandwidths: []string{}}
		for _, r := range c.Ranges {
			l.Ranges = append(l.Ranges, compact(r.String()))
		}
		for _, k := range c.Couplings {
			l.Couplings = append(l.Couplings, string(k))
		}
		for _, b := range c.Bandwidths {
			l.Bandwidths = append(l.Bandwidths, compact(b.String()))
		}
		out.Channels = append(out.Channels, l)
	}
	for _, d := range can.Digital {
		out.Digital = append(out.Digital, d.Name)
	}
	for _, m := range can.Modes {
		out.Modes = append(out.Modes, describeMode(m))
	}
	if can.Generator != nil {
		out.Generator = append(out.Generator, can.Generator.Waves...)
	}
	for _, p := range can.Power {
		out.Power = append(out.Power, string(p))
	}
	return out
}

func describeMode(m driver.ModeCapabilities) modeLines {
	l := modeLines{Mode: string(m.Mode), Ready: m.Ready, NotReady: m.NotReady, Rates: []rateLines{}, Downsample: []string{}, RawBeside: m.RawBeside}
	for _, d := range m.Downsample {
		l.Downsample = append(l.Downsample, string(d))
	}
	for _, r := range m.Rates {
		if len(r.Spans) == 0 {
			continue
		}
		first, last := r.Spans[0].First, r.Spans[0].Last
		for _, s := range r.Spans {
			if s.First.Cmp(first.Rational) < 0 {
				first = s.First
			}
			if s.Last.Cmp(last.Rational) > 0 {
				last = s.Last
			}
		}
		l.Rates = append(l.Rates, rateLines{When: condition(r), Fastest: spell(first), Slowest: spell(last), Limit: r.Limit})
	}
	return l
}

// condition says when a limit of rates holds.
func condition(r driver.RateLimit) string {
	var parts []string
	if r.MaxChannels == 1 {
		parts = append(parts, "1 channel")
	} else if r.MaxChannels > 1 {
		parts = append(parts, fmt.Sprintf("up to %d channels", r.MaxChannels))
	}
	if r.Bits > 0 {
		parts = append(parts, fmt.Sprintf("%d bit", r.Bits))
	}
	switch r.Digital {
	case 1:
		parts = append(parts, "digital ports off")
	case 2:
		parts = append(parts, "digital ports on")
	}
	return strings.Join(parts, ", ")
}

// spell prints an interval as a rate where that is a whole number, else as a time.
func spell(i units.Interval) string {
	if i.Big().Sign() > 0 {
		if r := i.Rate(); plain(r.Big()) {
			return compact(r.String())
		}
	}
	return compact(i.String())
}

// printDevice prints one unit for people.
func printDevice(a *app, doc deviceDocument) error {
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-12s %s\n", name, text)
		}
	}
	d, can := doc.Device, doc.Capabilities
	line("model", d.Model)
	line("serial", d.Serial)
	line("driver", d.Driver)
	line("state", d.state())
	line("usb", d.USB)
	line("power", d.Power)
	line("hardware", d.Hardware)
	line("firmware", d.Firmware)
	line("calibrated", d.Calibrated)
	line("library", strings.TrimSpace(d.LibraryVersion+" "+d.LibraryPath))
	bits := make([]string, len(can.Resolutions))
	for i, r := range can.Resolutions {
		bits[i] = fmt.Sprintf("%dbit", r)
	}
	line("resolution", strings.Join(bits, " "))
	writeChannels(can.Channels, line)
	line("digital", strings.Join(can.Digital, " "))
	for _, m := range can.Modes {
		if !m.Ready {
			line(m.Mode, "not yet: "+m.NotReady)
			continue
		}
		for i, r := range m.Rates {
			name := m.Mode
			if i > 0 {
				name = ""
			}
			line(name, strings.TrimSpace(strings.TrimSuffix(r.Fastest+" down to "+r.Slowest+", "+r.When, ", ")))
		}
		line("", "downsample: "+strings.Join(m.Downsample, " "))
	}
	line("trigger", strings.Join(can.Trigger, " "))
	line("generator", strings.Join(can.Generator, " "))
	return emit(a.stdout, b.String())
}

// writeChannels prints the channels, those that can do the same on one line.
func writeChannels(channels []channelLines, line func(name, text string)) {
	text := func(c channelLines) string {
		ranges := strings.Join(c.Ranges, " ")
		if c.AnyRange && len(c.Ranges) > 0 {
			ranges = c.Ranges[0] + " to " + c.Ranges[len(c.Ranges)-1]
		}
		s := ranges + "; " + strings.Join(c.Couplings, " ")
		if len(c.Bandwidths) > 0 {
			s += "; bandwidth " + strings.Join(c.Bandwidths, " ")
		}
		return s
	}
	for i := 0; i < len(channels); {
		names := []string{channels[i].Name}
		j := i + 1
		for ; j < len(channels) && text(channels[j]) == text(channels[i]); j++ {
			names = append(names, channels[j].Name)
		}
		line("channel "+strings.Join(names, " "), text(channels[i]))
		i = j
	}
}
