package rigtest

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// triggeredFamilies are units that stream with a trigger. vague: their library does not tell at which sample it was.
var triggeredFamilies = []struct {
	driver, model string
	vague         bool
}{{"ps2000a", "2406B", false}, {"ps5000a", "5444D", false}, {"ps6000a", "6824E", true}}

// TestStopAfterTrigger: what is recorded ends as many samples behind the trigger as the plan says, in every stream, and the trigger is
// annotated at the sample that the unit itself says, or around it.
func TestStopAfterTrigger(t *testing.T) {
	t.Parallel()
	const pre, post = 6000, 4000
	for _, c := range triggeredFamilies {
		t.Run(c.driver, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, "[unit TRIG]\nmodel = "+c.model+"\nchannel A = pulses period=83ms width=1ms amplitude=2V\n")
			sum := l.record(planOf("", device("d", c.driver, "TRIG", fmt.Sprintf(`
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  stream {
    sample_rate        = "200kS/s"
    stop_after_trigger = true
    pre                = %d
    post               = "%dms"
    downsample {
      mode     = "aggregate"
      ratio    = 10
      keep_raw = true
    }
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }`, pre, post/200))))
			if sum.ExitCode(false) != 0 || sum.Lost {
				t.Fatalf("%+v", sum)
			}
			at := l.number(l.truth("TRIG", "trigger"), "at")
			rec := l.open(sum.Dir)
			mark := l.triggerOf(rec.Stream("d.A"))
			if last := mark.End() - 1; at < pre || mark.SampleStart > at || last < at || *mark.Exact == c.vague || !c.vague && last != at {
				t.Fatalf("the trigger was at %d, and is annotated as %+v", at, mark)
			}
			for _, s := range rec.Streams() {
				ratio := s.Global().Ratio
				if want := (mark.End() - 1 + post) / ratio; s.Samples() != want || len(s.Gaps()) != 0 {
					t.Errorf("%s: %d samples, want %d; gaps %v", s.Name(), s.Samples(), want, s.Gaps())
				}
				if m := l.triggerOf(s); m.SampleStart != mark.SampleStart/ratio || m.End() != (mark.End()-1)/ratio+1 {
					t.Errorf("%s: the trigger is annotated as %+v, of raw samples as %+v", s.Name(), m, mark)
				}
			}
			var two [4]byte
			if _, err := rec.Stream("d.A").ReadAt(two[:], at-1); err != nil {
				t.Fatal(err)
			}
			before, there := int16(binary.LittleEndian.Uint16(two[:])), int16(binary.LittleEndian.Uint16(two[2:]))
			if limit := int16(rec.Stream("d.A").Global().Codes[1] / 5); before >= limit || there < limit {
				t.Errorf("samples %d, %d at the trigger, whose threshold is %d", before, there, limit)
			}
			l.goodUse("TRIG")
		})
	}
}

// triggerOf is the only trigger of a stream.
func (l *lab) triggerOf(s *recording.Stream) recording.Annotation {
	l.t.Helper()
	found := s.Annotations()
	if len(found) != 1 || found[0].Label != recording.LabelTrigger || found[0].Exact == nil {
		l.t.Fatalf("%s: annotations %+v", s.Name(), found)
	}
	return found[0]
}

// TestTriggerNeverComes: a stream that waits for its trigger records, says that it waits, and ends when it is stopped.
func TestTriggerNeverComes(t *testing.T) {
	t.Parallel()
	for _, c := range triggeredFamilies {
		t.Run(c.driver, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, "[unit TRIG]\nmodel = "+c.model+"\nchannel A = dc offset=0V\n")
			s := l.start(planOf("", device("d", c.driver, "TRIG", `
  channel "A" { range = "5V" }
  stream {
    sample_rate        = "100kS/s"
    stop_after_trigger = true
    post               = "20ms"
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }`)))
			l.until(s, "the device records while it waits", func(st session.Status) bool {
				d := deviceOf(st, "d")
				return d.State == "waiting" && d.Streams[0].Recorded > 10_000
			})
			s.Stop("stop")
			sum := l.wait(s)
			if sum.ExitCode(false) != 0 || sum.Lost {
				t.Errorf("%+v", sum)
			}
			if n := len(l.open(sum.Dir).Stream("d.A").Annotations()); n != 0 {
				t.Errorf("%d annotations", n)
			}
		})
	}
}
