package rigtest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// model is a unit of the rig that tests go through the settings of.
type model struct {
	driver, name string
	channels     int
	noOffset     bool
	ranges       []float64 // volts
	bandwidths   []string
	couplings    []string
	bits         map[int]int // resolution and the channels that it allows
}

var (
	from10mV = []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20}
	from20mV = from10mV[1:]
	from50mV = from10mV[2:]
	acdc     = []string{"dc", "ac"}
)

var models = []model{
	{driver: "ps2000a", name: "2406B", channels: 4, ranges: from20mV, bandwidths: []string{"full"}, couplings: acdc, bits: map[int]int{8: 4}},
	{driver: "ps2000a", name: "2205MSO", channels: 2, noOffset: true, ranges: from50mV, bandwidths: []string{"full"}, couplings: acdc, bits: map[int]int{8: 2}},
	{driver: "ps5000a", name: "5242A", channels: 2, ranges: from10mV, bandwidths: []string{"full", "20MHz"}, couplings: acdc, bits: map[int]int{8: 2, 16: 1}},
	{
		driver: "ps5000a", name: "5444DMSO", channels: 4, ranges: from10mV, bandwidths: []string{"full", "20MHz"},
		couplings: acdc, bits: map[int]int{8: 4, 12: 4, 14: 4, 15: 2, 16: 1},
	},
	{
		driver: "ps6000a", name: "6824E", channels: 8, ranges: from10mV, bandwidths: []string{"full", "20MHz"},
		couplings: []string{"dc", "ac", "dc50"}, bits: map[int]int{8: 8, 10: 8, 12: 2},
	},
}

// bandwidthHz is what a recording tells of a bandwidth.
var bandwidthHz = map[string]float64{"full": 0, "20MHz": 20e6}

// setting is one channel of a unit with the signal at its tip.
type setting struct {
	device, channel string
	bits            int
	full            float64 // range at the input
	probe           int
	coupling        string
	bandwidth       string
	offset          float64 // analog, at the input
	mean, amplitude float64 // of the signal, at the input; the amplitude is the peak
}

const (
	sineFrequency = 1003.7
	sampleRate    = 100_000
	sampleCount   = 4000
)

// conf is the signal as rig.conf has it.
func (s setting) conf() string {
	if s.amplitude == 0 {
		return fmt.Sprintf("channel %s = dc offset=%.9fV\n", s.channel, s.mean)
	}
	return fmt.Sprintf("channel %s = sine frequency=%vHz amplitude=%.9fV offset=%.9fV\n", s.channel, sineFrequency, 2*s.amplitude, s.mean)
}

// plan is the channel as a plan has it: volts at the tip.
func (s setting) plan() string {
	volts := func(v float64) string { return fmt.Sprintf("%.0fuV", v*float64(s.probe)*1e6) }
	return fmt.Sprintf("  channel %q {\n    range = %q\n    coupling = %q\n    bandwidth = %q\n    offset = %q\n    probe = \"x%d\"\n  }\n",
		s.channel, volts(s.full), s.coupling, s.bandwidth, volts(s.offset), s.probe)
}

// channel is the name of one of n channels: as far apart as they can be, since some share a converter.
func (m model) channel(i, n int) string { return string(rune('A' + i*m.channels/n)) }

// settings go through all ranges of a model at a resolution, and through couplings, bandwidths, offsets, probes and
// signals beside them. Each element is one run of a unit.
func (m model) settings(bits int) [][]setting {
	n := min(m.channels, m.bits[bits])
	var runs [][]setting
	for at := 0; at < len(m.ranges); at += n {
		var run []setting
		for ch := range n {
			k := at + ch
			full := m.ranges[k%len(m.ranges)]
			s := setting{
				device: fmt.Sprintf("d%d", len(runs)), channel: m.channel(ch, n), bits: bits, full: full, probe: 1,
				coupling: m.couplings[k%len(m.couplings)], bandwidth: m.bandwidths[k/2%len(m.bandwidths)],
				mean: 0.37 * full,
			}
			if k%3 == 0 {
				s.probe = 10
			}
			if k%2 == 1 {
				s.amplitude, s.mean = 0.6*full, -0.2*full
			}
			if k%4 == 2 && !m.noOffset { // moves the signal out of reach, and the offset moves it back
				s.offset = -full / 5
				s.mean = 1.1 * full
				if s.amplitude != 0 {
					s.mean = 0.3 * full
				}
			}
			if s.coupling == "dc50" && full > 5 {
				s.coupling = "dc"
			}
			run = append(run, s)
		}
		runs = append(runs, run)
	}
	return runs
}

// TestInputs records every range of models of all families, at every resolution, with all couplings, bandwidth limits,
// offsets and probes among them, and compares the volts at the tip with the signal that was there.
func TestInputs(t *testing.T) {
	t.Parallel()
	for _, m := range models {
		for bits := range m.bits {
			t.Run(fmt.Sprintf("%s %d bit", m.name, bits), func(t *testing.T) {
				t.Parallel()
				var conf, devices []string
				var serials []string
				runs := m.settings(bits)
				for i, run := range runs {
					serial := fmt.Sprintf("IN%d/%d", bits, i)
					text := fmt.Sprintf("[unit %s]\nmodel = %s\n", serial, m.name)
					body := fmt.Sprintf("  resolution = \"%dbit\"\n", bits)
					for _, s := range run {
						text += s.conf()
						body += s.plan()
					}
					body += fmt.Sprintf("  stream { sample_rate = \"%dS/s\" }", sampleRate)
					serials = append(serials, serial)
					conf = append(conf, text)
					devices = append(devices, device(run[0].device, m.driver, serial, body))
				}
				l := newLab(t, strings.Join(conf, "\n"))
				sum := l.record(planOf(fmt.Sprintf("samples = %d", sampleCount), devices...))
				if sum.ExitCode(false) != 0 {
					t.Errorf("%+v", sum)
				}
				rec := l.open(sum.Dir)
				for _, run := range runs {
					for _, s := range run {
						s.compare(t, m, rec)
					}
				}
				l.goodUse(serials...)
			})
		}
	}
}

// compare checks what was recorded of a channel, and how it is described.
func (s setting) compare(t *testing.T, m model, rec *recording.Recording) {
	t.Helper()
	name := s.device + "." + s.channel
	st := rec.Stream(name)
	if st == nil {
		t.Errorf("%s is not recorded", name)
		return
	}
	g := st.Global()
	probe := float64(s.probe)
	limit := recording.Bandwidth{Known: true, Hz: bandwidthHz[s.bandwidth]}
	same := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Abs(b) }
	if !same(g.Range[1], (s.full-s.offset)*probe) || !same(g.Range[0], (-s.full-s.offset)*probe) || g.ResolutionBits != s.bits || g.Coupling != s.coupling ||
		!same(*g.AnalogOffset, s.offset*probe) || g.Bandwidth != limit || *g.Probe != probe || g.SampleInterval.Rate() != sampleRate || g.Model != m.name || !g.Emulated {
		t.Errorf("%s %+v is described as %+v", name, s, g)
	}
	values := make([]float64, sampleCount)
	if n, err := st.Values(values, 0); n != sampleCount || err != nil {
		t.Errorf("%s: %d samples, %v", name, n, err)
		return
	}
	lsb := g.Scale * math.Exp2(float64(16-s.bits))
	mean, amplitude := s.mean*probe, s.amplitude*probe
	if s.coupling == "ac" {
		mean = 0
	}
	a, b, c := fit(values)
	if s.amplitude == 0 {
		a, b, c = 0, 0, mean
	}
	if d := math.Abs(math.Hypot(a, b) - amplitude); d > lsb {
		t.Errorf("%s %+v: amplitude %g V instead of %g V", name, s, math.Hypot(a, b), amplitude)
	}
	if math.Abs(c-mean) > lsb {
		t.Errorf("%s %+v: mean %g V instead of %g V", name, s, c, mean)
	}
	for i, v := range values {
		sin, cos := math.Sincos(2 * math.Pi * sineFrequency / sampleRate * float64(i))
		if want := a*sin + b*cos + c; math.Abs(v-want) > lsb {
			t.Errorf("%s %+v: sample %d is %g V instead of %g V; a step is %g V", name, s, i, v, want, lsb)
			return
		}
	}
}

// fit finds the sine of the known frequency and the mean that are nearest to the values.
func fit(values []float64) (a, b, c float64) {
	var m [3][4]float64
	for i, v := range values {
		sin, cos := math.Sincos(2 * math.Pi * sineFrequency / sampleRate * float64(i))
		row := [4]float64{sin, cos, 1, v}
		for r := range 3 {
			for k := range 4 {
				m[r][k] += row[r] * row[k]
			}
		}
	}
	for p := range 3 {
		for r := range 3 {
			if f := m[r][p] / m[p][p]; r != p {
				for k := range 4 {
					m[r][k] -= f * m[p][k]
				}
			}
		}
	}
	return m[0][3] / m[0][0], m[1][3] / m[1][1], m[2][3] / m[2][2]
}

// TestInputsAreAll makes sure that the settings of the test above cover what they should.
func TestInputsAreAll(t *testing.T) {
	for _, m := range models {
		for bits := range m.bits {
			seen := map[string]bool{}
			for _, run := range m.settings(bits) {
				for _, s := range run {
					seen[fmt.Sprint(s.full)] = true
					seen[s.coupling], seen[s.bandwidth] = true, true
					seen["offset"] = seen["offset"] || s.offset != 0
				}
			}
			want := slices.Concat(m.couplings, m.bandwidths)
			if !m.noOffset {
				want = append(want, "offset")
			}
			for _, r := range m.ranges {
				want = append(want, fmt.Sprint(r))
			}
			for _, w := range want {
				if !seen[w] {
					t.Errorf("%s at %d bit: nothing with %s", m.name, bits, w)
				}
			}
		}
	}
}
