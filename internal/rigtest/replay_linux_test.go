package rigtest

import (
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// piece is a recording of a real signal that is played to a device; testdata/waveforms/SOURCES.txt says where it comes from. Its
// answers must come out of what the device delivers.
type piece struct {
	name    string
	samples int
	signals []played
	pins    bool // a file of pins beside
	check   func(*testing.T, map[string][]float64)

	driver, model string // of the emulated unit
	bits          int
	block         bool // in one block rather than a stream, where the rate asks for it
	rate          string
	full          int // codes of full scale, at that resolution
}

// played is one channel: value = count x step + offset.
type played struct {
	name         string
	step, offset float64
	most         int // counts that the channel's range of 5 V has room for
}

var pieces = []piece{
	{
		name: "muon_panels", samples: 600_000, check: checkMuons, driver: "ps2000a", model: "2406B", bits: 8, block: true, rate: "250MS/s", full: 32512,
		signals: []played{{"A", 0.2 / 32512, -0.14, 32512}, {"B", 0.2 / 32512, -0.16, 32512}},
	},
	{
		name: "nfc_15693", samples: 1_900_000, check: checkNFC, driver: "ps5000a", model: "5444D", bits: 8, block: true, rate: "250MS/s", full: 32512,
		signals: []played{{"coil", 0.0877072627727802, 0, 127}},
	},
	{
		name: "mso_i2c", samples: 1_000_000, pins: true, check: checkI2C, driver: "ps5000a", model: "5444DMSO", bits: 12, rate: "5MS/s", full: 32767,
		signals: []played{{"voltage", 0.078125, 0, 100}},
	},
	{
		name: "ecg_100", samples: 650_000, check: checkECG, driver: "ps5000a", model: "5444D", bits: 16, rate: "2.5MS/s", full: 32767,
		signals: []played{{"MLII", 0.005, 0, 1000}},
	},
	{
		name: "power_swing_110kv", samples: 19_680, pins: true, check: checkSwing, driver: "ps5000a", model: "5444DMSO", bits: 14, rate: "1MS/s", full: 32767,
		signals: []played{{"Ua", 61.60031, 0, 4000}, {"3U0", 53.34838, 0, 4000}, {"Udc", 0.14651, 0, 4000}, {"Ia", 5.07193552, 0, 4000}},
	},
	{
		name: "breaker_opening", samples: 7200, pins: true, check: checkBreaker, driver: "ps5000a", model: "5444DMSO", bits: 14, rate: "1MS/s", full: 32767,
		signals: []played{{"IN", 0.02, 0, 32767}, {"VN", 0.1, 0, 32767}, {"IS", 0.02, 0, 32767}, {"VR", 10, 0, 32767}},
	},
	{
		name: "battery_hppc", samples: 58_968, check: checkBattery, driver: "ps5000a", model: "5444D", bits: 15, rate: "1MS/s", full: 32767,
		signals: []played{{"U", 0.001, 0, 5000}, {"I", 0.01, 0, 5000}},
	},
	{
		name: "cell_temperature", samples: 22_043, check: checkTemperature, driver: "ps5000a", model: "5444D", bits: 15, rate: "1MS/s", full: 32767,
		signals: []played{{"T2", 0.001, 0, 32767}, {"T4", 0.001, 0, 32767}},
	},
}

// files writes a piece's files unpacked into a folder, and returns the counts.
func (p piece) files(t *testing.T, dir string) map[string][]float64 {
	t.Helper()
	counts := map[string][]float64{}
	for _, s := range p.signals {
		b := p.unpack(t, dir, s.name+".i16")
		v := make([]float64, len(b)/2)
		for i := range v {
			v[i] = float64(int16(binary.LittleEndian.Uint16(b[2*i:])))
		}
		counts[s.name] = v
	}
	if p.pins {
		b := p.unpack(t, dir, "digital.u8")
		v := make([]float64, len(b))
		for i := range v {
			v[i] = float64(b[i])
		}
		counts["pins"] = v
	}
	for name, v := range counts {
		if len(v) != p.samples {
			t.Fatalf("%s has %d samples", name, len(v))
		}
	}
	return counts
}

func (p piece) unpack(t *testing.T, dir, file string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "waveforms", p.name+"."+file+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, file), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

// channels are the blocks of the plan: the range is 5 V, and the values are those of the piece again.
func (p piece) channels(options func(played) string) string {
	var b strings.Builder
	for i, s := range p.signals {
		fmt.Fprintf(&b, "  channel \"%c\" {\n    range = \"5V\"\n    unit = \"x\"\n    scale = %.12g\n    scale_offset = %g\n%s  }\n", 'A'+i, s.step*float64(s.most)/5, s.offset, options(s))
	}
	if p.pins {
		b.WriteString("  digital \"D0-7\" {}\n")
	}
	return b.String()
}

// TestReplaySim plays the pieces to simulated devices.
func TestReplaySim(t *testing.T) {
	t.Parallel()
	for _, p := range pieces {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			counts := p.files(t, dir)
			l := newLab(t, "")
			if p.bits == 15 {
				p.bits = 16 // the simulated device has no 15
			}
			body := fmt.Sprintf("  resolution = \"%dbit\"\n", p.bits) + p.channels(func(s played) string {
				return fmt.Sprintf("    sim {\n      signal = \"replay\"\n      file = %q\n      format = \"i16\"\n      playback = \"sample\"\n      amplitude = \"%.9fV\"\n    }\n",
					filepath.Join(dir, s.name+".i16"), 2*5/float64(s.most)*32768)
			}) + fmt.Sprintf("  stream { sample_rate = %q }\n  sim {\n    pace = \"fast\"\n", p.rate)
			if p.pins {
				body += fmt.Sprintf("    digital \"D0-7\" {\n      pattern = \"replay\"\n      file = %q\n      format = \"u8\"\n      playback = \"sample\"\n    }\n", filepath.Join(dir, "digital.u8"))
			}
			sum := l.record(planOf(fmt.Sprintf("samples = %d", 2*p.samples), device("d", "sim", "REPLAY", body+"  }\n")))
			p.judge(t, l.open(sum.Dir), counts)
		})
	}
}

// TestReplayEmulated plays the pieces to emulated scopes: what comes is what the real ones would have delivered.
func TestReplayEmulated(t *testing.T) {
	t.Parallel()
	for _, p := range pieces {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			counts := p.files(t, dir)
			conf := fmt.Sprintf("[unit REPLAY]\nmodel = %s\n", p.model)
			for i, s := range p.signals {
				conf += fmt.Sprintf("channel %c = replay file=%s range=5V full_scale=%d rate=%s interpolate=hold\n", 'A'+i, filepath.Join(dir, s.name+".i16"), s.most, p.rate)
			}
			if p.pins {
				conf += fmt.Sprintf("port 0 = replay file=%s rate=%s\n", filepath.Join(dir, "digital.u8"), p.rate)
			}
			l := newLab(t, conf)
			body := fmt.Sprintf("  resolution = \"%dbit\"\n", p.bits) + p.channels(func(played) string { return "" })
			limit := ""
			if p.block {
				body += fmt.Sprintf("  block {\n    sample_rate = %q\n    post = %d\n  }\n", p.rate, 2*p.samples)
			} else {
				limit = fmt.Sprintf("samples = %d", 2*p.samples)
				body += fmt.Sprintf("  stream { sample_rate = %q }\n", p.rate)
			}
			sum := l.record(planOf(limit, device("d", p.driver, "REPLAY", body)))
			l.goodUse("REPLAY")
			p.judge(t, l.open(sum.Dir), counts)
		})
	}
}

// judge finds where the file begins in what was recorded of two rounds of it, compares all samples with the file's, and asks for the
// piece's answers.
func (p piece) judge(t *testing.T, rec *recording.Recording, counts map[string][]float64) {
	t.Helper()
	got := map[string][]float64{}
	shift := -1
	for i, s := range p.signals {
		all := p.values(t, rec, fmt.Sprintf("d.%c", 'A'+i))
		for j := range all {
			all[j] = (all[j] - s.offset) / s.step
		}
		step := float64(s.most) / float64(p.full) * math.Exp2(float64(16-p.bits)) // of the converter, in counts
		if shift < 0 {
			if shift = find(all, counts[s.name], step); shift < 0 {
				t.Fatalf("%s: the file is not in what was recorded", s.name)
			}
		}
		v := make([]float64, p.samples)
		for j := range v {
			if v[j] = all[shift+j]; math.Abs(v[j]-counts[s.name][j]) > 0.51*step+1e-6 {
				t.Fatalf("%s: sample %d is %g counts instead of %g; a step is %g", s.name, j, v[j], counts[s.name][j], step)
			}
			v[j] = v[j]*s.step + s.offset
		}
		got[s.name] = v
	}
	if p.pins {
		pins := p.values(t, rec, "d.D0-7")[shift : shift+p.samples]
		for j, v := range pins {
			if v != counts["pins"][j] {
				t.Fatalf("pins: sample %d is %g instead of %g", j, v, counts["pins"][j])
			}
		}
		got["pins"] = pins
	}
	p.check(t, got)
}

func (p piece) values(t *testing.T, rec *recording.Recording, name string) []float64 {
	t.Helper()
	st := rec.Stream(name)
	if st == nil || st.Samples() < int64(2*p.samples) {
		t.Fatalf("%s is not there, or too short", name)
	}
	all := make([]float64, 2*p.samples)
	if n, err := st.Values(all, 0); n != len(all) || err != nil {
		t.Fatalf("%s: %d values, %v", name, n, err)
	}
	return all
}

// find returns the place in the first half of all, at which a file begins that is repeated there; -1: none. It looks for the stretch of
// the file with the largest jump.
func find(all, file []float64, step float64) int {
	const length = 400
	at, jump := 0, 0.0
	for i := length; i+length < len(file); i++ {
		if d := math.Abs(file[i] - file[i-1]); d > jump {
			at, jump = i-length/2, d
		}
	}
	for s := range len(file) {
		k := 0
		for from := s + at; k < length && math.Abs(all[from+k]-file[at+k]) <= 0.51*step+1e-6; k++ {
		}
		if k == length {
			return s
		}
	}
	return -1
}
