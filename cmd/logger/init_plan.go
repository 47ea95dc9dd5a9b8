package main

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// foundUnit is a unit that a plan is written for.
type foundUnit struct {
	driver string
	info   driver.UnitInfo
	can    driver.Capabilities
	made   bool // it exists only because it is asked for: a simulation
}

// What a written plan asks for, where the unit can do it.
const wantedRange = 5 * units.Volt

var wantedInterval = units.Seconds(1, 1_000_000)

// planFor writes a plan that records all units for ten seconds. Its columns are not aligned yet.
func planFor(program string, found []foundUnit) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# A capture plan. Every value can be changed; docs/format/plan.md tells what else there is.
#   %[1]s plan FILE   shows what it would do          %[1]s run FILE   records

run "first" {
  output   = "recordings" # each run gets a folder of its own in it
  duration = "10s"        # without it: until stopped
}
`, program)
	names := map[string]int{}
	for _, u := range found {
		names[u.driver]++
		name := u.driver
		if n := names[u.driver]; n > 1 {
			name += "-" + strconv.Itoa(n)
		}
		b.WriteByte('\n')
		writeDevice(&b, name, u)
	}
	return b.String()
}

func writeDevice(b *strings.Builder, name string, u foundUnit) {
	about := u.info.Model
	if u.info.USB != "" {
		about += ", USB " + u.info.USB
	}
	if u.made {
		about = "A simulation, until an instrument is attached."
	}
	fmt.Fprintf(b, "# %s\ndevice %q {\n  driver = %q\n", about, name, u.driver)
	if !u.made && u.info.Emulated {
		b.WriteString("  library = \"emulated\" # instead of the vendor's\n")
	}
	if !u.made && u.info.Serial != "" {
		fmt.Fprintf(b, "  serial = %q # without it: the first unit found\n", u.info.Serial)
	}
	for i, c := range u.can.Channels[:min(2, len(u.can.Channels))] {
		b.WriteByte('\n')
		writeChannel(b, c, i > 0)
	}
	writeRest(b, u.can)
	b.WriteByte('\n')
	writeMode(b, u.can)
	b.WriteString("}\n")
}

// writeChannel writes a channel, as a comment where the user has to ask for it.
func writeChannel(b *strings.Builder, c driver.ChannelCapabilities, comment bool) {
	margin := "  "
	if comment {
		margin = "  # "
	}
	lines := []string{fmt.Sprintf("channel %q {", c.Name), fmt.Sprintf("  range = %q # %s", compact(usualRange(c).String()), rangesText(c))}
	if len(c.Couplings) > 1 {
		texts := make([]string, len(c.Couplings))
		for i, k := range c.Couplings {
			texts[i] = string(k)
		}
		lines = append(lines, fmt.Sprintf("  # coupling = %q # %s", c.Couplings[0], strings.Join(texts, ", ")))
	}
	if !comment {
		lines = append(lines, `  # probe = "x10" # ranges are then those at the probe's tip`, `  # label = "what is measured here"`)
	}
	for _, l := range append(lines, "}") {
		b.WriteString(margin + l + "\n")
	}
}

// writeRest names the channels that are not written out, and the digital ports.
func writeRest(b *strings.Builder, can driver.Capabilities) {
	var names []string
	for i, c := range can.Channels {
		if i >= 2 {
			names = append(names, c.Name)
		}
	}
	if len(names) > 0 {
		fmt.Fprintf(b, "  # further channels: %s\n", strings.Join(names, " "))
	}
	names = nil
	for _, d := range can.Digital {
		names = append(names, d.Name)
	}
	if len(names) > 0 {
		fmt.Fprintf(b, "\n  # digital %q {\n  #   threshold = \"1.5V\"\n  # }\n", names[0])
	}
	if len(names) > 1 {
		fmt.Fprintf(b, "  # further ports: %s\n", strings.Join(names[1:], " "))
	}
}

// usualRange is the smallest range that holds the wanted one, else the largest.
func usualRange(c driver.ChannelCapabilities) units.Voltage {
	if len(c.Ranges) == 0 {
		return wantedRange
	}
	if c.AnyRange {
		return min(max(wantedRange, c.Ranges[0]), c.Ranges[len(c.Ranges)-1])
	}
	for _, r := range c.Ranges {
		if r >= wantedRange {
			return r
		}
	}
	return c.Ranges[len(c.Ranges)-1]
}

func rangesText(c driver.ChannelCapabilities) string {
	if len(c.Ranges) == 0 {
		return "full scale, plus and minus"
	}
	if c.AnyRange {
		return "full scale, plus and minus: " + compact(c.Ranges[0].String()) + " to " + compact(c.Ranges[len(c.Ranges)-1].String())
	}
	texts := make([]string, len(c.Ranges))
	for i, r := range c.Ranges {
		texts[i] = compact(r.String())
	}
	return "full scale, plus and minus: " + strings.Join(texts, " ")
}

// writeMode writes the way of acquisition: streaming where the unit can, else blocks.
func writeMode(b *strings.Builder, can driver.Capabilities) {
	bits := 0
	if len(can.Resolutions) > 0 {
		bits = can.Resolutions[0]
	}
	if m, ok := can.Mode(driver.ModeStream); ok && m.Ready {
		fmt.Fprintf(b, "  stream {\n    %s\n  }\n", rateText(m, bits))
		return
	}
	m, _ := can.Mode(driver.ModeBlock)
	fmt.Fprintf(b, "  block {\n    post = \"10ms\"\n    %s\n  }\n", rateText(m, bits))
}

// rateText is the attribute for the possible rate nearest to the wanted one.
func rateText(m driver.ModeCapabilities, bits int) string {
	interval := wantedInterval
	if limit, ok := m.Limit(1, bits, false); ok {
		if nearest, _, ok := limit.Nearest(wantedInterval); ok && nearest.Big().Sign() > 0 {
			interval = nearest
		}
	}
	if rate := interval.Rate(); plain(rate.Big()) {
		return fmt.Sprintf("sample_rate = %q", compact(rate.String()))
	}
	return fmt.Sprintf("sample_interval = %q", compact(interval.String()))
}

// plain tells whether a rate can be written without a fraction.
func plain(r *big.Rat) bool { return r.IsInt() }

// compact takes the blanks out of a printed quantity, as plans are usually written.
func compact(quantity string) string { return strings.ReplaceAll(quantity, " ", "") }
