package picosdk

import (
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

const (
	// notReady says why block modes are refused.
	notReady = "block capture follows in a later version of this driver"
	// maxRatio is the largest downsampling ratio.
	maxRatio = 1 << 30
)

// Directions lists what levels, windows and pulse widths can look for, in every family.
func Directions() []driver.Direction {
	return []driver.Direction{
		driver.DirectionAbove, driver.DirectionBelow, driver.DirectionRising, driver.DirectionFalling, driver.DirectionEither,
		driver.DirectionAboveLower, driver.DirectionBelowLower, driver.DirectionRisingLower, driver.DirectionFallingLower,
		driver.DirectionInside, driver.DirectionOutside, driver.DirectionEnter, driver.DirectionExit, driver.DirectionEnterOrExit,
		driver.DirectionPositiveRunt, driver.DirectionNegativeRunt,
	}
}

// Capabilities is the model in the words of the driver contract, in a state of power and connection. The zero State is
// for checks before a unit is opened: it allows what the model can do in its best state, and where the contract cannot
// tell two cases apart (how many digital ports are on) the better one. What the library itself refuses is told by
// Configure. The result is the caller's.
func (m Model) Capabilities(s State) driver.Capabilities {
	c := driver.Capabilities{
		Model: m.Name, Formats: []string{"int16"}, Power: slices.Clone(m.Power.Sources),
		Trigger: m.trigger(s), Generator: m.Generator.capabilities(),
		Modes: []driver.ModeCapabilities{
			{
				Mode: driver.ModeStream, Ready: true, Rates: m.rateLimits(s), MaxRatio: maxRatio, RawBeside: true,
				Downsample: []driver.DownsampleMode{driver.DownsampleNone, driver.DownsampleAggregate, driver.DownsampleDecimate, driver.DownsampleAverage},
				// A trigger in a stream is not used yet: Triggered stays false.
			},
			{Mode: driver.ModeBlock, NotReady: notReady, MaxSegments: m.MaxSegments, TimebaseNumbers: true},
			{Mode: driver.ModeRapidBlock, NotReady: notReady, MaxSegments: m.MaxSegments, TimebaseNumbers: true},
		},
	}
	for i := range m.channels(s) {
		c.Channels = append(c.Channels, m.channel(ChannelName(i)))
	}
	for i := range m.Ports {
		c.Digital = append(c.Digital, driver.DigitalCapabilities{
			Name: PortName(i), Pins: PortPins(i), ThresholdMin: -m.Threshold, ThresholdMax: m.Threshold,
			PerPin: m.PinThresholds, Hysteresis: slices.Clone(m.Hysteresis),
		})
	}
	for _, r := range m.Resolutions {
		c.Resolutions = append(c.Resolutions, r.Bits)
		c.MaxCodes = append(c.MaxCodes, driver.CodeRange{Bits: r.Bits, Min: -r.MaxCode, Max: r.MaxCode})
	}
	return c
}

func (m Model) channel(name string) driver.ChannelCapabilities {
	c := driver.ChannelCapabilities{Name: name, Bandwidths: slices.Clone(m.Limiters), Offsets: slices.Clone(m.Offsets)}
	for _, r := range m.Ranges {
		c.Ranges = append(c.Ranges, r.Voltage())
	}
	for _, k := range m.Couplings {
		c.Couplings = append(c.Couplings, k.Driver())
	}
	return c
}

func (m Model) trigger(s State) driver.TriggerCapabilities {
	t := driver.TriggerCapabilities{
		Sources: channelNames(m.channels(s)), Simple: true, Logic: true, Directions: Directions(), Digital: m.Ports > 0, Delay: true, Auto: true,
		PulseWidth: []driver.PulseType{driver.PulseLessThan, driver.PulseGreaterThan, driver.PulseInRange, driver.PulseOutOfRange},
	}
	if m.Trigger.External {
		t.Sources = append(t.Sources, "EXT")
	}
	if m.Trigger.Aux {
		t.Sources = append(t.Sources, "AUX")
	}
	return t
}

func (g *Generator) capabilities() *driver.GeneratorCapabilities {
	if g == nil {
		return nil
	}
	c := &driver.GeneratorCapabilities{
		Waves:      []string{"sine", "square", "triangle", "ramp_up", "ramp_down", "sinc", "gaussian", "half_sine", "dc"},
		Operations: []string{"noise", "prbs"}, MinFrequency: g.MinFrequency, MaxFrequency: g.MaxFrequency,
		MaxAmplitude: g.MaxAmplitude, MaxOffset: g.MaxOffset, Sweeps: []string{"up", "down", "up_down", "down_up"},
		TriggerTypes:   []string{"rising", "falling", "gate_high", "gate_low"},
		TriggerSources: []string{"none", "scope", "aux", "external", "software"},
	}
	if g.Arbitrary {
		c.Arbitrary, c.MinArbitrary, c.MaxArbitrary = true, 1, g.Buffer
		if g.Clock > 0 {
			c.MaxArbitraryRate = units.PerSecond(g.Clock, 1)
		}
	}
	return c
}

// rateLimits lists what streaming accepts for every number of channels, resolution, and ports on or off.
func (m Model) rateLimits(s State) []driver.RateLimit {
	var limits []driver.RateLimit
	for _, r := range m.Resolutions {
		for channels := 1; channels <= min(m.channels(s), r.MaxChannels); channels++ {
			off, err := m.rateLimit(r, channels, 0, s)
			if err != nil {
				continue
			}
			if m.Ports == 0 {
				limits = append(limits, off)
				continue
			}
			off.Digital = 1
			limits = append(limits, off)
			// The contract does not say how many ports are on, and counts ports without a channel to the first entry.
			beside := channels
			if channels == 1 && r.PortsAlone {
				beside = 0
			}
			on, err := m.rateLimit(r, beside, 1, s)
			if err != nil {
				continue
			}
			on.MaxChannels, on.Digital = channels, 2
			limits = append(limits, on)
		}
	}
	return limits
}

func (m Model) rateLimit(r Resolution, channels, ports int, s State) (driver.RateLimit, error) {
	spans, fact, err := m.StreamingSpans(r.Bits, channels, ports, s)
	if err != nil {
		return driver.RateLimit{}, err
	}
	if s.USB == USBUnknown && len(r.Streaming) > 1 {
		fact = fmt.Sprintf("%s; less over %v", fact, r.Streaming[len(r.Streaming)-1].USB)
	}
	return driver.RateLimit{MaxChannels: channels, Bits: r.Bits, Spans: spans, Limit: fact}, nil
}
