package judge

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/internal/chaos/truth"
)

// The recording that the tests judge: 100 kS/s, two runs of a unit with a gap between.
const (
	serial   = "JUDGED"
	interval = 10_000 // ns
	before   = 5000   // samples of the first run
	behind   = 4000   // of the second
	pause    = 3000   // samples that are missing between
	began    = 1_000_000_000_000
)

// made is a recording to be judged: what its files say, and what the unit says.
type made struct {
	values  []int64
	first   Capture
	second  Capture
	device  RunDevice
	meta    meta
	expect  Expect
	events  string
	none    bool  // there is no capture
	resumed int64 // monotonic time of the second run
}

// sound is a recording with nothing wrong.
func sound(t *testing.T) *made {
	t.Helper()
	p, err := truth.NewProof(serial, "A", 8, -32512, 32512)
	if err != nil {
		t.Fatal(err)
	}
	m := &made{resumed: began + (before+pause)*interval}
	for i := range int64(before) {
		m.values = append(m.values, p.At(i))
	}
	for i := range int64(behind) {
		m.values = append(m.values, p.At(i))
	}
	told := int64(pause + 20)
	m.first = Capture{}
	m.second = Capture{Start: before, Global: before + told, Epoch: 1, Gap: &Gap{
		Cause: "restart", Lost: told, Min: pause - 100, Max: pause + 100, MonoFromNS: began + before*interval, MonoToNS: m.resumed,
	}}
	text := fmt.Sprintf(`{"name":"d","mode":"stream","raw_interval":{"num":1,"den":100000},
		"epochs":[{"epoch":0,"base":0,"first":{"mono_ns":%d}},{"epoch":1,"base":%d,"first":{"mono_ns":%d}}],
		"streams":[{"name":"d.A","recorded":%d,"lost":%d,"lost_min":%d,"lost_max":%d,"gaps":1}]}`,
		began, before+told, m.resumed, before+behind, told, pause-100, pause+100)
	if err := json.Unmarshal([]byte(text), &m.device); err != nil {
		t.Fatal(err)
	}
	text = fmt.Sprintf(`{"core:datatype":"ri16_le","daq:device":"d","daq:channel":"A","daq:stream":"d.A","daq:kind":"raw","daq:mode":"stream",
		"daq:ratio":1,"daq:codes":[-32512,32512],"daq:resolution_bits":8,"daq:serial":%q}`, serial)
	if err := json.Unmarshal([]byte(text), &m.meta.Global); err != nil {
		t.Fatal(err)
	}
	m.expect = Expect{Name: "d", Causes: []string{"restart"}, DeliveryNS: 1e7, Unit: &truth.Unit{
		Serial: serial, IntervalNS: interval, Rough: 2, Runs: []truth.Run{
			{StartNS: began, Counter: 777, Handed: before, Sure: true},
			{StartNS: m.resumed, Counter: 777 + before + pause, Handed: behind, Sure: true},
		},
	}}
	return m
}

// judge writes the files and judges them.
func (m *made) judge(t *testing.T) *Judgement {
	t.Helper()
	dir := t.TempDir()
	raw := make([]byte, 2*len(m.values))
	for i, v := range m.values {
		binary.LittleEndian.PutUint16(raw[2*i:], uint16(v))
	}
	if m.meta.Captures == nil && !m.none {
		m.meta.Captures = []Capture{m.first, m.second}
	}
	for name, content := range map[string]any{"d.A.sigmf-data": raw, "d.A.sigmf-meta": m.meta, "run.json": Run{State: "sealed", Devices: []RunDevice{m.device}}, "events.jsonl": []byte(m.events)} {
		text, ok := content.([]byte) // samples, and what stands in lines
		if !ok {
			var err error
			if text, err = json.Marshal(content); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Recorded(dir, []Expect{m.expect})
}

// lengthen makes the recording tell of one more or less recorded sample, as the files do.
func (m *made) lengthen(n int64) { m.device.Streams[0].Recorded += n }

// gap changes what the gap says everywhere.
func (m *made) gap(lost, lo, hi int64) {
	by := lost - m.second.Gap.Lost
	m.second.Gap.Lost, m.second.Gap.Min, m.second.Gap.Max = lost, lo, hi
	m.second.Global += by
	m.device.Epochs[1].Base += by
	s := &m.device.Streams[0]
	s.Lost, s.LostMin, s.LostMax = lost, lo, hi
}

// TestSound: nothing is found where nothing is wrong.
func TestSound(t *testing.T) {
	j := sound(t).judge(t)
	if len(j.Wrong) != 0 {
		t.Errorf("wrong: %q", j.Wrong)
	}
	if l := j.Losses[0]; l.True != pause || l.Told != pause+20 || l.Gaps != 1 {
		t.Errorf("losses %+v", l)
	}
}

// TestUnvouched: of samples that the recording itself does not vouch for nothing is wanted, of those around them all.
func TestUnvouched(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to int // samples that are zeros
		want     string
	}{
		{"a middle", 2000, 2500, ""},
		{"a beginning", 0, 300, ""},
		{"an end", before - 100, before, ""},
		{"a whole stretch", before, before + behind, ""},
		{"one more", 2000, 2501, "sample 2500 is 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := sound(t)
			clear(m.values[c.from:c.to])
			m.meta.Annotations = []Annotation{{Start: int64(c.from), Count: int64(c.to - c.from), Label: "unverified"}}
			if c.want != "" {
				m.meta.Annotations[0].Count--
			}
			all := strings.Join(m.judge(t).Wrong, "\n")
			if (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("found:\n%s\nwant %q", all, c.want)
			}
		})
	}
}

// TestPlanted: what is planted is found, and called by its name.
func TestPlanted(t *testing.T) {
	for _, c := range []struct {
		name  string
		plant func(m *made)
		want  string
	}{
		{"a sample is there twice", func(m *made) {
			m.values = append(m.values[:101], m.values[100:]...)
			m.second.Start++
			m.second.Global++
			m.device.Epochs[1].Base++
			m.lengthen(1)
		}, "there twice"},
		{"a sample is missing", func(m *made) {
			m.values = append(m.values[:100], m.values[101:]...)
			m.second.Start--
			m.second.Global--
			m.device.Epochs[1].Base--
			m.lengthen(-1)
		}, "are missing"},
		{"all is lost and nothing told", func(m *made) {
			m.values, m.none = nil, true
			m.device.Streams[0].Recorded = 0
			m.gap(0, 0, 0)
			m.device.Streams[0].Gaps = 0
		}, "9000 samples of whole runs of the unit are not recorded"},
		{"the first run is missing", func(m *made) {
			m.expect.Unit.Runs = append([]truth.Run{{StartNS: began - 1e9, Counter: 500, Handed: 200, Sure: true}}, m.expect.Unit.Runs...)
		}, "in front of the first sample there is no gap; really 277 are lost"},
		{"whole runs behind the last one are missing", func(m *made) {
			m.expect.Unit.Runs = append(m.expect.Unit.Runs, truth.Run{StartNS: m.resumed + 1e9, Counter: 100_000, Handed: 300, Sure: true}, truth.Run{StartNS: m.resumed + 2e9, Counter: 200_000, Handed: 40, Sure: true})
		}, "340 samples of whole runs of the unit are not recorded"},
		{"zeros in the middle of a stretch", func(m *made) { clear(m.values[2000:2500]) }, "sample 2000 is 0, of the signal it would be"},
		{"one sample in the middle is another", func(m *made) { m.values[before+behind/2] ^= 256 }, "sample 7000 is"},
		{"the last samples are not recorded", func(m *made) {
			m.values = m.values[:len(m.values)-10]
			m.lengthen(-10)
		}, "10 samples that were handed over are not recorded"},
		{"more is recorded than was handed over", func(m *made) { m.expect.Unit.Runs[1].Handed -= 5 }, "of a run that handed over"},
		{"the gap is too short", func(m *made) { m.gap(pause-1000, pause-1000, pause-1000) }, "really it is 3000"},
		{"the bounds exclude the truth", func(m *made) { m.gap(pause+20, pause+3, pause+100) }, "really it is 3000"},
		{"an exact gap is one off", func(m *made) {
			m.gap(pause+3, pause+3, pause+3)
			m.second.Gap.Exact = true
		}, "really it is 3000"},
		{"the bounds are too wide", func(m *made) { m.gap(pause, 0, pause+60_000) }, "ms wide"},
		{"the estimate is outside of its bounds", func(m *made) { m.gap(pause+200, pause-100, pause+100) }, "has the bounds"},
		{"there is no gap", func(m *made) {
			m.second.Gap = nil
			m.second.Global, m.device.Epochs[1].Base = before, before
			s := &m.device.Streams[0]
			s.Lost, s.LostMin, s.LostMax, s.Gaps = 0, 0, 0, 0
		}, "and there is no gap"},
		{"device indexes do not follow the gap", func(m *made) { m.second.Global += 7; m.device.Epochs[1].Base += 7 }, "by the capture before it would be"},
		{"a wrong cause", func(m *made) { m.second.Gap.Cause = "usb" }, "has the cause usb"},
		{"a loss that may not be", func(m *made) { m.expect.Causes = nil }, "none should be"},
		{"run.json tells of another sum", func(m *made) { m.device.Streams[0].Lost++ }, "run.json of"},
		{"run.json tells of more samples", func(m *made) { m.lengthen(1) }, "run.json tells of"},
		{"samples are of another unit", func(m *made) { m.meta.Global.Serial = "ANOTHER" }, "nowhere near their place"},
		{"an estimate where it must be exact", func(m *made) { m.expect.Exact = true }, "is not exact"},
		{"a gap at the end that is too short", func(m *made) {
			m.values = m.values[:len(m.values)-1000]
			m.lengthen(-1000)
			m.meta.Global.GapAfter = &Gap{Cause: "restart", Lost: 500, Min: 400, Max: 600, MonoToNS: m.resumed + behind*interval}
			s := &m.device.Streams[0]
			s.Lost, s.LostMin, s.LostMax, s.Gaps = s.Lost+500, s.LostMin+400, s.LostMax+600, 2
		}, "the gap at the end"},
		{"a loss is inferred where none is", func(m *made) {
			m.second = Capture{Start: 2000, Global: 2100, Gap: &Gap{Cause: "inferred", Lost: 100, Min: 1, Max: 200, PositionMin: 2000, PositionMax: 3000}}
			m.expect.Causes = []string{"inferred"}
			m.values = m.values[:before]
		}, "a loss is inferred at 2000, and there is none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := sound(t)
			c.plant(m)
			j := m.judge(t)
			if all := strings.Join(j.Wrong, "\n"); !strings.Contains(all, c.want) {
				t.Errorf("found:\n%s\nwant %q", all, c.want)
			}
		})
	}
}

// TestInferred: a loss that nobody told of is found where it is, and its place is judged.
func TestInferred(t *testing.T) {
	const at, lost = 3000, 700
	p, err := truth.NewProof(serial, "A", 8, -32512, 32512)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		gap      Gap
		wantFine bool
	}{
		{"as it is", Gap{Lost: lost + 5, Min: lost - 50, Max: lost + 50, PositionMin: 2000, PositionMax: 4000}, true},
		{"at the beginning of its window", Gap{Lost: lost + 5, Min: lost - 50, Max: lost + 50, PositionMin: at, PositionMax: 4000}, true},
		{"too early", Gap{Lost: lost, Min: lost - 50, Max: lost + 50, PositionMin: 2000, PositionMax: 2900}, false},
		{"too few", Gap{Lost: lost - 100, Min: lost - 150, Max: lost - 50, PositionMin: 2000, PositionMax: 4000}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := sound(t)
			m.values = m.values[:0]
			for i := range int64(before) {
				if i >= at {
					i += lost
				}
				m.values = append(m.values, p.At(i))
			}
			c.gap.Cause = "inferred"
			m.second = Capture{Start: c.gap.PositionMin, Global: c.gap.PositionMin + c.gap.Lost, Gap: &c.gap}
			m.expect.Causes, m.expect.Wide = []string{"inferred"}, 1e9
			m.expect.Unit.Runs = m.expect.Unit.Runs[:1]
			m.expect.Unit.Runs[0].Handed, m.expect.Unit.Runs[0].Lost = before+lost, lost
			s := &m.device.Streams[0]
			s.Recorded, s.Lost, s.LostMin, s.LostMax, s.Gaps = before, c.gap.Lost, c.gap.Min, c.gap.Max, 1
			if j := m.judge(t); len(j.Wrong) == 0 != c.wantFine {
				t.Errorf("wrong: %q", j.Wrong)
			}
		})
	}
}
