package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scopelog/scopelog/units"
)

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
	writeModes(can.Modes, line)
	line("trigger", strings.Join(can.Trigger, " "))
	line("generator", strings.Join(can.Generator, " "))
	for _, text := range generatorTexts(can.Limits) {
		line("", text)
	}
	return emit(a.stdout, b.String())
}

// writeModes prints the modes with their rates; what is the same as of the mode before is not printed again.
func writeModes(modes []modeLines, line func(name, text string)) {
	var before []string
	for i, m := range modes {
		if !m.Ready {
			line(m.Mode, "not yet: "+m.NotReady)
			continue
		}
		texts := append(rateTexts(m.Rates), "downsample: "+strings.Join(m.Downsample, " "))
		if i > 0 && slices.Equal(texts, before) {
			line(m.Mode, "as "+modes[i-1].Mode)
			continue
		}
		before = texts
		for k, text := range texts {
			if k == 0 {
				line(m.Mode, text)
			} else {
				line("", text)
			}
		}
	}
}

// rateTexts says how fast a mode is, a line for each resolution with and without digital ports, and then how slow. Ports that change nothing are
// not spoken of.
func rateTexts(rates []rateLines) []string {
	type setup struct{ bits, digital int }
	var order []setup
	fastest := map[setup][]string{}
	var slowest []string
	for _, r := range rates {
		s := setup{r.limit.Bits, r.limit.Digital}
		first := fastest[s] == nil
		if first {
			order = append(order, s)
		}
		fastest[s] = append(fastest[s], fmt.Sprintf("%s with %s", speed(r.first), channelsText(r.limit.MaxChannels, first)))
		if text := speed(r.last); !slices.Contains(slowest, text) {
			slowest = append(slowest, text)
		}
	}
	var texts []string
	for _, s := range order {
		same := slices.Equal(fastest[setup{s.bits, 1}], fastest[setup{s.bits, 2}])
		if s.digital == 2 && same {
			continue
		}
		var about []string
		if s.bits > 0 {
			about = append(about, fmt.Sprintf("%d bit", s.bits))
		}
		if s.digital == 2 {
			about = append(about, "with digital ports")
		}
		text := strings.Join(fastest[s], ", ")
		if len(about) > 0 {
			text = strings.Join(about, " ") + ": " + text
		}
		texts = append(texts, text)
	}
	if len(slowest) > 0 {
		texts = append(texts, "slowest: "+strings.Join(slowest, " or "))
	}
	return texts
}

// channelsText is a number of channels, up to which a rate is possible; the first of a line has the word.
func channelsText(most int, first bool) string {
	switch {
	case most == 0:
		return "any channels"
	case first:
		return plural(most, "channel")
	}
	return fmt.Sprint(most)
}

// speed prints an interval as a rate, of which that is one in so many seconds when it is below one a second.
func speed(i units.Interval) string {
	if i.Sign() <= 0 {
		return "any rate"
	}
	switch s := i.Float64(); {
	case s >= 60:
		return "one in " + units.FormatDuration(i.Duration().Round(time.Second))
	case s > 1:
		return "one in " + formatSeconds(s)
	}
	v, prefixes := 1/i.Float64(), []string{"", "k", "M", "G"}
	k := 0
	for v >= 999.9995 && k < len(prefixes)-1 {
		v, k = v/1000, k+1
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".") + " " + prefixes[k] + "S/s"
}

// generatorTexts says what a signal generator can do.
func generatorTexts(g *generatorLine) []string {
	if g == nil {
		return nil
	}
	var limits []string
	if g.MaxFrequency != "" {
		text := "up to " + g.MaxFrequency
		if g.MinFrequency != "" {
			text = g.MinFrequency + " to " + g.MaxFrequency
		}
		limits = append(limits, text)
	}
	if g.MaxAmplitude != "" {
		limits = append(limits, "up to "+g.MaxAmplitude+" peak to peak")
	}
	if g.MaxOffset != "" {
		limits = append(limits, fmt.Sprintf("offset -%s to %s", g.MaxOffset, g.MaxOffset))
	}
	if g.MaxOutput != "" {
		limits = append(limits, fmt.Sprintf("together within %s", g.MaxOutput))
	}
	texts := []string{strings.Join(limits, ", ")}
	if g.MaxArbitrary > 0 {
		text := fmt.Sprintf("waves of one's own: %s to %s samples", formatCount(int64(g.MinArbitrary)), formatCount(int64(g.MaxArbitrary)))
		if g.ArbitraryRate != "" {
			text += " at up to " + g.ArbitraryRate
		}
		texts = append(texts, text)
	}
	for _, l := range []struct {
		what  string
		words []string
	}{{"operations: ", g.Operations}, {"sweeps: ", g.Sweeps}, {"started by: ", g.TriggerSources}} {
		if len(l.words) > 0 {
			texts = append(texts, l.what+strings.Join(l.words, " "))
		}
	}
	return texts
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
