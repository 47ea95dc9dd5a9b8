package picosdk

import (
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/driver"
)

// maxRatio is the largest downsampling ratio.
const maxRatio = 1 << 30

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
		Trigger: m.trigger(s), Generator: m.generator(),
		Modes: []driver.ModeCapabilities{
			{
				Mode: driver.ModeStream, Ready: true, Rates: m.rateLimits(s), MaxRatio: maxRatio, RawBeside: true,
				Downsample: downsampling(), Triggered: true, StopAfter: true,
			},
			m.block(driver.ModeBlock, s), m.block(driver.ModeRapidBlock, s),
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

func downsampling() []driver.DownsampleMode {
	return []driver.DownsampleMode{driver.DownsampleNone, driver.DownsampleAggregate, driver.DownsampleDecimate, driver.DownsampleAverage}
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
