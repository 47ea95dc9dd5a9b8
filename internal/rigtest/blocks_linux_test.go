package rigtest

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// blockFamily is a unit with ports of each family.
type blockFamily struct {
	driver, model string
	channels      []string
	port          string
	rate          string // possible in block modes with all that is on
}

var blockFamilies = []blockFamily{
	{"ps2000a", "2206BMSO", []string{"A", "B"}, "D0-7", "62.5MS/s"},
	{"ps5000a", "5444DMSO", []string{"A", "D"}, "D8-15", "62.5MS/s"},
	{"ps6000a", "6824E", []string{"A", "C", "H"}, "D8-15", "156.25MS/s"},
}

// body is a device's block with the family's channels and, if wanted, its port.
func (f blockFamily) body(ports bool, mode string) string {
	text := ""
	for _, c := range f.channels {
		text += fmt.Sprintf("  channel %q { range = \"1V\" }\n", c)
	}
	if ports {
		text += fmt.Sprintf("  digital %q {}\n", f.port)
	}
	return text + mode
}

// TestBlockModes captures blocks and rapid blocks with all ways of downsampling, with raw samples beside and without, on units of all
// families with digital ports: by the proof signal every group of every waveform is the right one.
func TestBlockModes(t *testing.T) {
	t.Parallel()
	const pre, post, armings, captures = 1000, 4003, 3, 4
	modes := []struct {
		name    string
		ratio   int64
		digital bool
	}{{"none", 1, true}, {"aggregate", 10, true}, {"decimate", 7, true}, {"average", 100, false}}
	for _, rapid := range []bool{false, true} {
		for _, f := range blockFamilies {
			t.Run(fmt.Sprintf("%s rapid=%v", f.driver, rapid), func(t *testing.T) {
				t.Parallel()
				var conf, devices, serials []string
				waveforms := map[string]int64{} // samples of each stream
				for _, m := range modes {
					for _, keep := range []bool{false, true} {
						if keep && m.ratio == 1 {
							continue
						}
						name, serial := fmt.Sprintf("d%d", len(serials)), fmt.Sprintf("BL%d", len(serials))
						kind, many := "block", int64(armings)
						text := fmt.Sprintf("    sample_rate = %q\n    pre = %d\n    post = %d\n    repeat = %d\n", f.rate, pre, post, armings)
						if rapid {
							kind, many = "rapid_block", armings*captures
							text += fmt.Sprintf("    captures = %d\n", captures)
						}
						if m.ratio > 1 {
							text += fmt.Sprintf("    downsample {\n mode = %q\n ratio = %d\n keep_raw = %v\n }\n", m.name, m.ratio, keep)
						}
						serials = append(serials, serial)
						conf = append(conf, proofUnit(f.model, serial, "hurry = on"))
						devices = append(devices, device(name, f.driver, serial, f.body(m.digital, "  "+kind+" {\n"+text+"  }")))
						waveforms[name] = many * ((pre + post + m.ratio - 1) / m.ratio) * m.ratio // made longer to whole groups
					}
				}
				l := newLab(t, strings.Join(conf, ""))
				sum := l.record(planOf("", devices...))
				if sum.ExitCode(false) != 0 {
					t.Errorf("%+v", sum)
				}
				l.proven(sum.Dir)
				for _, st := range l.open(sum.Dir).Streams() {
					g := st.Global()
					name, _, _ := strings.Cut(st.Name(), ".")
					if st.Samples()*g.Ratio != waveforms[name] || len(st.Gaps()) != 0 {
						t.Errorf("%s: %d samples of ratio %d, want %d raw ones; gaps %v", st.Name(), st.Samples(), g.Ratio, waveforms[name], st.Gaps())
					}
				}
				l.goodUse(serials...)
			})
		}
	}
}

// TestThousandsOfCaptures takes ten thousand waveforms with one arming; on units of all families in its long form.
func TestThousandsOfCaptures(t *testing.T) {
	t.Parallel()
	const length = 40
	for i, f := range blockFamilies {
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			captures := int64(10_000)
			if !long && i < len(blockFamilies)-1 {
				captures = 1500 // more than are fetched with one call
			}
			l := newLab(t, proofUnit(f.model, "MANY", "hurry = on"))
			sum := l.record(planOf("", device("d", f.driver, "MANY", f.body(true,
				fmt.Sprintf("  rapid_block {\n sample_rate = %q\n pre = %d\n post = %d\n captures = %d\n }", f.rate, 10, length-10, captures)))))
			if sum.ExitCode(false) != 0 {
				t.Errorf("%+v", sum)
			}
			l.proven(sum.Dir)
			for _, st := range l.open(sum.Dir).Streams() {
				if st.Samples() != captures*length {
					t.Errorf("%s: %d samples", st.Name(), st.Samples())
				}
			}
			l.goodUse("MANY")
		})
	}
}

// TestDeepBlock takes a waveform that is much longer than the ring: it goes through in parts, and nothing is dropped.
func TestDeepBlock(t *testing.T) {
	t.Parallel()
	samples := int64(20_000_000)
	if long {
		samples = 256_000_000
	}
	l := newLab(t, proofUnit("6824E", "DEEP", "hurry = on"))
	sum := l.record(planOf("", device("d", "ps6000a", "DEEP", fmt.Sprintf(
		"  channel \"A\" { range = \"1V\" }\n  channel \"E\" { range = \"1V\" }\n  block {\n sample_rate = \"1.25GS/s\"\n pre = 1000\n post = %d\n }", samples-1000))))
	if sum.ExitCode(false) != 0 {
		t.Errorf("%+v", sum)
	}
	l.proven(sum.Dir)
	for _, st := range l.open(sum.Dir).Streams() {
		if st.Samples() != samples || len(st.Gaps()) != 0 {
			t.Errorf("%s: %d samples, gaps %v", st.Name(), st.Samples(), st.Gaps())
		}
	}
	l.goodUse("DEEP")
}

// TestDifferentModesAtOnce: one device streams while a second takes rapid blocks at its trigger and a third one block after another,
// and a fourth waits for a trigger that never comes. Each has what it should have.
func TestDifferentModesAtOnce(t *testing.T) {
	t.Parallel()
	const captures, length = 20, 1000
	trigger := func(volts string) string {
		return "  trigger {\n level \"B\" {\n direction = \"rising\"\n threshold = \"" + volts + "\"\n }\n }\n"
	}
	l := newLab(t, proofUnit("2406B", "AT/24")+
		"[unit AT/54]\nmodel = 5444D\nchannel A = proof\nchannel B = pulses frequency=5kHz width=20us amplitude=1V\n"+
		proofUnit("6824E", "AT/68")+
		"[unit AT/69]\nmodel = 6824E\nchannel B = sine frequency=1kHz amplitude=1V\n")
	pair := "  channel \"A\" { range = \"1V\" }\n  channel \"B\" { range = \"2V\" }\n"
	s := l.start(planOf("",
		scope("bench", "ps2000a", "AT/24", "ABCD", "100kS/s"),
		device("gate", "ps5000a", "AT/54", pair+trigger("500mV")+
			fmt.Sprintf("  rapid_block {\n sample_rate = \"31.25MS/s\"\n pre = 100\n post = %d\n captures = %d\n repeat = \"forever\"\n every = \"50ms\"\n }", length-100, captures)),
		device("shots", "ps6000a", "AT/68", pair+"  block {\n sample_rate = \"9.765625MS/s\"\n post = 5000\n repeat = \"forever\"\n every = \"20ms\"\n }"),
		device("never", "ps6000a", "AT/69", pair+trigger("1.5V")+"  block {\n sample_rate = \"9.765625MS/s\"\n post = 5000\n }"),
	))
	l.come(s, "bench", 50_000)
	l.come(s, "gate", 5*captures*length)
	l.come(s, "shots", 10*5000)
	l.until(s, "the device without a trigger waits", func(st session.Status) bool { return deviceOf(st, "never").State == "waiting" })
	s.Stop("stop")
	sum := l.wait(s)
	if sum.ExitCode(false) != 0 {
		t.Errorf("%+v", sum)
	}
	rec := l.open(sum.Dir)
	for name, length := range map[string]int64{"gate": length, "shots": 5000, "never": 5000} {
		for _, st := range rec.Streams() {
			if strings.HasPrefix(st.Name(), name+".") && (st.Samples()%length != 0 || len(st.Gaps()) != 0 || (st.Samples() == 0) != (name == "never")) {
				t.Errorf("%s: %d samples, gaps %v", st.Name(), st.Samples(), st.Gaps())
			}
		}
	}
	l.crossings(rec.Stream("gate.B"), length, 100)
	rep := l.verify(sum.Dir, true)
	for _, st := range rep.Streams {
		if st.Name == "gate.B" || strings.HasPrefix(st.Name, "never.") {
			continue
		}
		if st.Proven != st.Samples || st.Samples == 0 {
			t.Errorf("%s: %d of %d samples are proven", st.Name, st.Proven, st.Samples)
		}
	}
	l.asSent(sum, "bench", "AT/24", 60_000)
	l.goodUse("AT/24", "AT/54", "AT/68", "AT/69")
}

// crossings wants a rise through the middle of a stream's range at the trigger point of each waveform.
func (l *lab) crossings(st *recording.Stream, length, at int64) {
	l.t.Helper()
	half := int16(float64(st.Global().Codes[1]) / 4) // 500 mV of 2 V
	raw := make([]byte, 2*st.Samples())
	if _, err := st.ReadAt(raw, 0); err != nil {
		l.t.Fatal(err)
	}
	code := func(i int64) int16 { return int16(binary.LittleEndian.Uint16(raw[2*i:])) }
	for first := int64(0); first < st.Samples(); first += length {
		if before, there := code(first+at-1), code(first+at); before >= half || there < half {
			l.t.Errorf("%s: the waveform at %d has %d and %d at its trigger", st.Name(), first, before, there)
			return
		}
	}
}
