package plan

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// TestResolvedApplied checks that what the hardware does stands beside what was asked for.
func TestResolvedApplied(t *testing.T) {
	t.Parallel()
	p := mustParse(t, pathsPlan)
	applied := driver.Applied{
		Mode: driver.ModeStream, Interval: units.Seconds(1, 3), Resolution: 14, Power: driver.PowerStateUSB, Timebase: -1,
		Channels: []driver.AppliedChannel{{
			Channel: "A", Range: 5 * units.Volt, Coupling: driver.CouplingDC, Offset: 10 * units.Millivolt, Bandwidth: units.Hertz(20_000_000, 1),
			CodeMin: -32767, CodeMax: 32767, VoltsPerCount: units.Rat(5, 32767),
		}},
		Digital:        []driver.AppliedDigital{{Port: "D0-7", Thresholds: []units.Voltage{1500 * units.Millivolt}, Hysteresis: "low"}},
		Streams:        []driver.Stream{{Channel: "A", Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1}, {Channel: "A", Kind: driver.StreamMin, Type: driver.SampleInt16, Ratio: 100, Computed: "host"}},
		DeliveryPeriod: 20 * time.Millisecond, PreSamples: 5, PostSamples: 6, Captures: 7,
		Generator: &driver.AppliedGenerator{Frequency: units.Hertz(1000, 1), Amplitude: units.Volt, Notes: []string{"n"}}, Notes: []string{"rounded"},
	}
	text, err := p.Resolved(map[string]driver.Applied{"cell": applied})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		FormatVersion string `json:"format_version"`
		Devices       []struct {
			Name    string
			Serial  string
			Applied *struct {
				Mode     string
				Interval struct{ Num, Den int64 } `json:"sample_interval_s"`
				Bits     int                      `json:"resolution_bits"`
				Power    string
				Channel  []struct {
					Name       string
					InputRange float64 `json:"input_range_v"`
					Range      float64 `json:"range_v"`
					Offset     float64 `json:"offset_v"`
					Bandwidth  float64 `json:"bandwidth_hz"`
					Codes      [2]int
					PerCount   float64 `json:"volts_per_count"`
				}
				Digital []struct {
					Name       string
					Thresholds []float64 `json:"thresholds_v"`
				}
				Streams []struct {
					Channel, Kind, Type, Computed string
					Ratio                         int
				}
				Period    float64 `json:"delivery_period_s"`
				Pre       int     `json:"pre_samples"`
				Captures  int
				Generator struct {
					Frequency float64 `json:"frequency_hz"`
					Notes     []string
				} `json:"signal_generator"`
				Notes    []string
				Timebase *int
			}
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	d := got.Devices[0]
	a := d.Applied
	switch {
	case got.FormatVersion != "1.0" || len(got.Devices) != 2 || d.Name != "cell" || d.Serial != `${env("SERIAL")}`:
		t.Errorf("head: %+v", got)
	case a == nil || got.Devices[1].Applied != nil:
		t.Error("what was applied is at the wrong device")
	case a.Mode != "stream" || a.Interval.Num != 1 || a.Interval.Den != 3 || a.Bits != 14 || a.Power != "usb" || a.Timebase != nil:
		t.Errorf("device: %+v", a)
	case len(a.Channel) != 1 || a.Channel[0].InputRange != 5 || a.Channel[0].Range != 50 || a.Channel[0].Offset != 0.1 || a.Channel[0].Bandwidth != 2e7 ||
		a.Channel[0].Codes != [2]int{-32767, 32767} || a.Channel[0].PerCount != 5.0/32767:
		t.Errorf("channel: %+v", a.Channel)
	case len(a.Digital) != 1 || a.Digital[0].Thresholds[0] != 1.5:
		t.Errorf("digital: %+v", a.Digital)
	case len(a.Streams) != 2 || a.Streams[1].Computed != "host" || a.Streams[1].Ratio != 100 || a.Streams[1].Kind != "min":
		t.Errorf("streams: %+v", a.Streams)
	case a.Period != 0.02 || a.Pre != 5 || a.Captures != 7 || a.Generator.Frequency != 1000 || len(a.Generator.Notes) != 1 || len(a.Notes) != 1:
		t.Errorf("the rest: %+v", a)
	}
}

// TestResolvedTwice checks that writing does not change the plan.
func TestResolvedTwice(t *testing.T) {
	t.Parallel()
	p := mustParse(t, pathsPlan)
	if _, err := p.Resolved(map[string]driver.Applied{"sim": {}}); err != nil {
		t.Fatal(err)
	}
	first, err1 := p.Resolved(nil)
	second, err2 := p.Resolved(nil)
	if err1 != nil || err2 != nil || string(first) != string(second) {
		t.Errorf("%v, %v: %s and %s", err1, err2, first, second)
	}
}

func TestEscaping(t *testing.T) {
	t.Parallel()
	n := &node{}
	n.set("text", "a ${b}")
	n.set("texts", []string{"${c}"})
	n.set("secret", secretText(`env("X")`))
	n.set("number", json.Number("1.5"))
	got, err := json.Marshal(n)
	if want := `{"text":"a $${b}","texts":["$${c}"],"secret":"${env(\"X\")}","number":1.5}`; err != nil || string(got) != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}
