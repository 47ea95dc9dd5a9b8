package rigtest

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// TestKeepAcrossFamilies lets three units of different families see one slow square wave, of which one is looked at: of all of them what lies around its
// rises stays, which the others' own signals show, and the rest is told to the sample.
func TestKeepAcrossFamilies(t *testing.T) {
	t.Parallel()
	const wave = "buffer = 10s\nchannel A = square frequency=0.2Hz amplitude=1V\n"
	l := newLab(t, "[unit LOOK]\nmodel = 5444D\n"+wave+"[unit OTHER]\nmodel = 2406B\n"+wave+"[unit GATE]\nmodel = 6824E\n"+wave)
	const channel = "  channel \"A\" { range = \"1V\" }\n"
	text := strings.Replace(planOf(`duration = "17s"`,
		device("look", "ps5000a", "LOOK", channel+`  stream { sample_rate = "20kS/s" }`),
		device("other", "ps2000a", "OTHER", channel+`  stream { sample_rate = "100kS/s" }`),
		device("gate", "ps6000a", "GATE", channel+`  block {
    sample_rate = "1.25MS/s"
    pre         = 100
    post        = 900
    repeat      = "forever"
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "0V"
    }
  }`)), `sync   = "200ms"`, "sync   = \"200ms\"\n  rotate = \"1s\"\n  keep   = \"events\"", 1) + `
event "up" {
  source     = "look.A"
  level      = "250mV"
  hysteresis = "100mV"
  before     = "600ms"
  after      = "400ms"
}
`
	sum := l.record(text)
	if sum.ExitCode(false) != 0 || sum.Lost || sum.NotKept == 0 || sum.EventBlocks[0].Count < 2 {
		t.Fatalf("%+v", sum)
	}
	rec := l.open(sum.Dir)
	found := sum.EventBlocks[0].Count
	for name, rate := range map[string]int64{"look.A": 20_000, "other.A": 100_000} {
		rises := l.keptRises(rec.Stream(name), rate*590/1000, rate*390/1000)
		if rises < found || rises > found+1 { // a unit may have seen one just before the other's first sample
			t.Errorf("%s: %d rises of %d events are there with what lies around them", name, rises, found)
		}
	}
	gate := rec.Run().Device("gate")
	if n := ended(sum, "gate").Block.Waveforms; len(gate.NotKept) > 0 || n < found-1 || n > found+1 {
		t.Errorf("%d waveforms of the trigger, not kept are %+v", n, gate.NotKept)
	}
	for _, name := range []string{"look", "other"} {
		d := rec.Run().Device(name)
		s := rec.Stream(name + ".A")
		if _, end := s.DeviceRange(); len(d.NotKept) == 0 || s.Samples()+d.NotKeptSamples(name+".A") != end || len(d.Segments) > int(3*found+2) {
			t.Errorf("%s: %d there, %d not kept, of %d; %d segments", name, s.Samples(), d.NotKeptSamples(name+".A"), end, len(d.Segments))
		}
	}
	l.goodUse("LOOK", "OTHER", "GATE")
}

// keptRises counts the rises of a square wave that are there with so many samples before and behind them; where the stream itself begins or ends, with
// fewer. Others are faults.
func (l *lab) keptRises(s *recording.Stream, before, after int64) (rises int64) {
	l.t.Helper()
	first, end := s.DeviceRange()
	for _, r := range s.Ranges(0, 1<<40) {
		b := make([]byte, 2*(r.To-r.From))
		if n, err := s.ReadRange(b, r.From, r.To); err != nil || int64(n) != r.To-r.From {
			l.t.Fatal(n, err)
		}
		low := false
		for i := range r.To - r.From {
			v := int16(binary.LittleEndian.Uint16(b[2*i:]))
			if low = low || v < 0; !low || v < 8000 {
				continue
			}
			low = false
			rises++
			if at := r.From + i; at-before < r.From && r.From > first || at-before < 0 && first > 0 || at+after > r.To && r.To < end {
				l.t.Errorf("%s: of the rise at sample %d only %d to %d is there", s.Name(), at, r.From, r.To)
			}
		}
	}
	return rises
}
