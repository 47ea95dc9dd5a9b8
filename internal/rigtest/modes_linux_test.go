package rigtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// proofUnit is a unit with the proof signal at everything that it has. Unless told otherwise its library keeps samples for
// longer than a busy machine lets plugins wait.
func proofUnit(model, serial string, more ...string) string {
	text := fmt.Sprintf("[unit %s]\nmodel = %s\n", serial, model)
	if !strings.Contains(strings.Join(more, "\n"), "buffer = ") {
		text += "buffer = 10s\n"
	}
	for _, c := range "ABCDEFGH" {
		text += fmt.Sprintf("channel %c = proof\n", c)
	}
	return text + "port 0 = proof\nport 1 = proof\n" + strings.Join(more, "\n") + "\n"
}

// TestModes records with all ways of downsampling, with raw samples beside and without, on units of all families with
// digital ports: by the proof signal every group is the right one.
func TestModes(t *testing.T) {
	t.Parallel()
	const samples = 20_000
	families := []struct {
		driver, model string
		channels      []string
		port          string
		beside        string // who computes what stands beside raw samples
	}{
		{"ps2000a", "2206BMSO", []string{"A", "B"}, "D0-7", "host"},
		{"ps5000a", "5444DMSO", []string{"A", "D"}, "D8-15", "host"},
		{"ps6000a", "6824E", []string{"A", "C", "H"}, "D8-15", "device"},
	}
	modes := []struct {
		name    string
		ratio   int64
		digital bool
		kinds   []recording.Kind
	}{
		{"none", 1, true, nil},
		{"aggregate", 10, true, []recording.Kind{recording.KindMin, recording.KindMax}},
		{"decimate", 7, true, []recording.Kind{recording.KindDecimate}},
		{"average", 100, false, []recording.Kind{recording.KindAverage}},
	}
	type want struct {
		stream, computed string
		ratio            int64
	}
	var conf, devices, serials []string
	var wants []want
	for _, f := range families {
		for _, m := range modes {
			for _, keep := range []bool{false, true} {
				if keep && m.name == "none" {
					continue
				}
				n := len(serials)
				name, serial := fmt.Sprintf("d%d", n), fmt.Sprintf("MO%d", n)
				body, sources := "", f.channels
				for _, c := range f.channels {
					body += fmt.Sprintf("  channel %q { range = \"1V\" }\n", c)
				}
				if m.digital {
					body += fmt.Sprintf("  digital %q {}\n", f.port)
					sources = append(sources[:len(sources):len(sources)], f.port)
				}
				down := ""
				if m.name != "none" {
					down = fmt.Sprintf("downsample {\n mode = %q\n ratio = %d\n keep_raw = %v\n }", m.name, m.ratio, keep)
				}
				body += "  stream {\n sample_rate = \"200kS/s\"\n" + down + "\n}"
				serials = append(serials, serial)
				conf = append(conf, proofUnit(f.model, serial))
				devices = append(devices, device(name, f.driver, serial, body))
				for _, s := range sources {
					if keep || m.name == "none" {
						wants = append(wants, want{name + "." + s, "", 1})
					}
					for _, k := range m.kinds {
						w := want{recording.StreamName(name, s, k, keep), "device", m.ratio}
						if keep {
							w.computed = f.beside
						}
						wants = append(wants, w)
					}
				}
			}
		}
	}
	l := newLab(t, strings.Join(conf, "\n"))
	sum := l.record(planOf(fmt.Sprintf("samples = %d", samples), devices...))
	if sum.ExitCode(false) != 0 {
		t.Errorf("%+v", sum)
	}
	l.proven(sum.Dir)
	rec := l.open(sum.Dir)
	if n := len(rec.Streams()); n != len(wants) {
		t.Errorf("%d streams, want %d", n, len(wants))
	}
	for _, w := range wants {
		st := rec.Stream(w.stream)
		if st == nil {
			t.Errorf("there is no stream %s", w.stream)
			continue
		}
		g := st.Global()
		if g.Computed != w.computed || g.Ratio != w.ratio || st.Samples() != samples/w.ratio || g.SampleInterval.Rate()*float64(w.ratio) != 200_000 {
			t.Errorf("%+v: %d samples, computed %q, ratio %d, every %+v s", w, st.Samples(), g.Computed, g.Ratio, g.SampleInterval)
		}
	}
	l.goodUse(serials...)
}

// TestThresholds: pins are high from the port's threshold on, which on some units each pin has for itself.
func TestThresholds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		driver, model, threshold string
		want                     byte
	}{
		{"ps2000a", "2206BMSO", `"1.5V"`, 0b1111_0000},
		{"ps2000a", "2205MSO", `"-0.2V"`, 0b1111_1111},
		{"ps5000a", "5242DMSO", `"3.1V"`, 0b1000_0000},
		{"ps5000a", "5444DMSO", `"0.9V"`, 0b1111_1100},
		{"ps6000a", "6824E", `"1.5V"`, 0b1111_0000},
		{"ps6000a", "6824E", `["-1V", "0.4V", "1V", "3V", "3V", "3V", "3V", "3V"]`, 0b1000_0011},
	} {
		t.Run(c.model+" "+c.threshold, func(t *testing.T) {
			t.Parallel()
			conf := fmt.Sprintf("[unit PIN/1]\nmodel = %s\n", c.model)
			for pin := range 8 {
				conf += fmt.Sprintf("pin D%d = dc offset=%dmV\n", pin, pin*450)
			}
			l := newLab(t, conf)
			// 0 mV, 450 mV, 900 mV ... 3150 mV
			sum := l.record(planOf("samples = 1000", device("d", c.driver, "PIN/1",
				"  channel \"A\" { range = \"1V\" }\n  digital \"D0-7\" { threshold = "+c.threshold+" }\n  stream { sample_rate = \"100kS/s\" }")))
			st := l.open(sum.Dir).Stream("d.D0-7")
			codes := make([]byte, 1000)
			if n, err := st.ReadAt(codes, 0); n != len(codes) || err != nil {
				t.Fatalf("%d samples, %v", n, err)
			}
			for i, code := range codes {
				if code != c.want {
					t.Fatalf("sample %d is %08b, want %08b", i, code, c.want)
				}
			}
		})
	}
}
