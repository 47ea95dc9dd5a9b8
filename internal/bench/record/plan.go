package main

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"
)

// capture is one recording to be made.
type capture struct {
	unit     string // model of an emulated unit; "": a simulated device
	channels int
	rate     float64       // samples per second and channel; 0: as fast as they are recorded
	seconds  float64       // length of a paced one
	samples  int64         // per channel, of one that is not paced
	signal   string        // "ramp" (simulated) and "dc" (emulated) cost little; in "proof" each sample tells its index
	hold     time.Duration // of the rings; 0: see holdTime
	delivery time.Duration // from one delivery of a paced capture to the next; 0: see deliveryTime
	settle   time.Duration // of a paced capture: what its beginning costs, where the rings' memory is put in place, is counted apart
}

// fastRate is the rate that a capture without pace pretends to have: it sizes rings and deliveries.
const fastRate = 10_000_000

// deliverySamples is what a delivery of a paced capture brings per channel, as far as that takes no less than the driver's
// default time and no more than a recorder sleeps anyway.
const (
	deliverySamples = 1_000_000
	shortDelivery   = 20 * time.Millisecond
	longDelivery    = 100 * time.Millisecond
)

// deliveryTime is the time from one delivery of a paced capture to the next.
func (c capture) deliveryTime() time.Duration {
	if c.delivery > 0 {
		return c.delivery
	}
	return min(max(seconds(deliverySamples/float64(c.nominal())), shortDelivery), longDelivery)
}

// The hold times of rings: the plan language's default, and its least, which is enough for a
// simulated device without pace: it waits for the recorder. Emulated units do not.
const (
	defaultHold = 4 * time.Second
	leastHold   = 500 * time.Millisecond
)

// holdTime is how long the rings hold.
func (c capture) holdTime() time.Duration {
	switch {
	case c.hold > 0:
		return c.hold
	case c.paced() || c.unit != "":
		return defaultHold
	}
	return leastHold
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// period is the length of the ramp in samples.
const period = 1 << 16

func (c capture) paced() bool { return c.rate > 0 }

// nominal is the rate in samples per second as the plan has it.
func (c capture) nominal() int64 {
	if c.paced() {
		return int64(math.Round(c.rate))
	}
	if c.unit != "" {
		return units[c.unit].fast
	}
	return fastRate
}

// want is the number of samples per channel.
func (c capture) want() int64 {
	if c.paced() {
		return int64(math.Round(c.rate * c.seconds))
	}
	return c.samples
}

// bytes is the size of all samples.
func (c capture) bytes() int64 { return 2 * int64(c.channels) * c.want() }

// check refuses what cannot be recorded.
func (c capture) check() error {
	switch {
	case c.channels < 1 || c.channels > 8:
		return fmt.Errorf("%d channels, want 1 to 8", c.channels)
	case c.want() < 1:
		return fmt.Errorf("nothing to record: rate %g for %g s, %d samples", c.rate, c.seconds, c.samples)
	}
	cheap := "ramp"
	if c.unit != "" {
		cheap = "dc"
		if _, ok := units[c.unit]; !ok {
			return fmt.Errorf("unit %q, want one of %s", c.unit, unitNames())
		}
	}
	if c.signal != cheap && c.signal != "proof" {
		return fmt.Errorf("signal %q, want %s or proof", c.signal, cheap)
	}
	return nil
}

// plan is the text of the capture plan, recording below output.
func (c capture) plan(output string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "run \"bench\" {\n  output  = %q\n  samples = %d\n", output, c.want())
	fmt.Fprintf(&b, "  hold    = %q\n", c.holdTime())
	b.WriteString("  disk {\n    keep_free = \"64MiB\"\n  }\n}\n\n")
	if c.unit != "" {
		return b.String() + c.emulatedDevice()
	}
	b.WriteString("device \"dev\" {\n  driver = \"sim\"\n")
	switch {
	case !c.paced():
		b.WriteString("  sim {\n    pace = \"fast\"\n  }\n")
	default:
		fmt.Fprintf(&b, "  sim {\n    delivery = %q\n  }\n", c.deliveryTime())
	}
	for i := range c.channels {
		fmt.Fprintf(&b, "  channel %q {\n    range = \"5V\"\n    sim {\n      signal = %q\n", string(rune('A'+i)), c.signal)
		if c.signal == "ramp" {
			fmt.Fprintf(&b, "      frequency = %q\n", c.frequency())
		}
		b.WriteString("    }\n  }\n")
	}
	fmt.Fprintf(&b, "  stream {\n    sample_rate = \"%dS/s\"\n  }\n}\n", c.nominal())
	return b.String()
}

// frequency is that of a ramp with whole periods of 65,536 samples, which the driver keeps in a table: making the signal
// is then one copy, as in the programs that this one is compared with.
func (c capture) frequency() string {
	text := big.NewRat(c.nominal(), period).FloatString(16) // exact: the denominator is 2^16
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + "Hz"
}
