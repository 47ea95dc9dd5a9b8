package rigtest

import (
	"fmt"
	"math"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/recording"
)

// triggered is a device that takes waveforms of 100 samples at rises of its channel A, of which 30 come before the trigger point.
func triggered(f blockFamily, serial, more string) string {
	return device("d", f.driver, serial, fmt.Sprintf("  channel \"A\" { range = \"2V\" }\n  trigger {\n level \"A\" {\n direction = \"rising\"\n threshold = \"100mV\"\n }\n }\n"+
		"  rapid_block {\n sample_rate = %q\n pre = 30\n post = 70\n %s\n }", f.rate, more))
}

// taken are the waveforms that the emulation itself has logged.
func (l *lab) taken(serial string) (list []emulator.Event) {
	l.t.Helper()
	events, err := l.rig.Truth(serial)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, e := range events {
		if e.Name == "waveform" {
			list = append(list, e)
		}
	}
	return list
}

// sameTriggers compares the triggers of recorded waveforms with what the emulation knows of them: the time within a sample and,
// where the unit counts, the time from one waveform to the next. armed is how many waveforms there are in an arming.
func (l *lab) sameTriggers(st *recording.Stream, serial string, armed int, counts bool) {
	l.t.Helper()
	truth, captures := l.taken(serial), st.Captures()
	if len(captures) > len(truth) || len(captures) == 0 {
		l.t.Fatalf("%d waveforms are recorded, %d were taken", len(captures), len(truth))
	}
	g := st.Global()
	for i, c := range captures {
		want, at := signed(l, truth[i], "offset_fs"), l.number(truth[i], "at")
		if c.TriggerPosition == nil || c.TriggerOffsetFS == nil || *c.TriggerPosition != 30 || *c.TriggerOffsetFS != want {
			l.t.Fatalf("waveform %d: trigger at %v, %v fs; want 30, %d fs", i, c.TriggerPosition, c.TriggerOffsetFS, want)
		}
		if i%armed == 0 || !counts {
			continue
		}
		apart := at - l.number(truth[i-1], "at") - 100
		if dead := float64(apart) / g.SampleInterval.Rate() * 1e9; c.DeadTimeNS == nil || math.Abs(float64(*c.DeadTimeNS)-dead) > 1 {
			l.t.Fatalf("waveform %d: dead time %v, want %.0f ns", i, c.DeadTimeNS, dead)
		}
	}
}

func signed(l *lab, e emulator.Event, key string) (v int64) {
	l.t.Helper()
	if _, err := fmt.Sscan(e.Fields[key], &v); err != nil {
		l.t.Fatal(err)
	}
	return v
}

// TestTriggerTimes: when the triggers of rapid blocks were, to the part of a sample, and how long the unit was blind before each.
func TestTriggerTimes(t *testing.T) {
	t.Parallel()
	const captures, armings = 50, 3
	for _, f := range blockFamilies {
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, fmt.Sprintf("[unit WHEN]\nmodel = %s\nhurry = on\nchannel A = sine frequency=37kHz amplitude=3V\n", f.model))
			sum := l.record(planOf("", triggered(f, "WHEN", fmt.Sprintf("captures = %d\n repeat = %d", captures, armings))))
			if sum.ExitCode(false) != 0 {
				t.Errorf("%+v", sum)
			}
			st := l.open(sum.Dir).Stream("d.A")
			if len(st.Captures()) != captures*armings {
				t.Fatalf("%d waveforms", len(st.Captures()))
			}
			l.sameTriggers(st, "WHEN", captures, f.driver != "ps2000a") // which has no counters
			l.goodUse("WHEN")
		})
	}
}

// TestStoppedBetweenTriggers stops a rapid block of which only some triggers have come: its waveforms are kept.
func TestStoppedBetweenTriggers(t *testing.T) {
	t.Parallel()
	for _, f := range blockFamilies {
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, fmt.Sprintf("[unit EARLY]\nmodel = %s\nchannel A = pulses frequency=100Hz width=1ms amplitude=1V\n", f.model))
			s := l.start(planOf("", triggered(f, "EARLY", "captures = 5000")))
			l.until(s, "some triggers have come", func(st session.Status) bool {
				return deviceOf(st, "d").State == "waiting" && len(l.taken("EARLY")) >= 8
			})
			if d := deviceOf(s.Status(), "d"); d.Streams[0].Recorded != 0 {
				t.Errorf("%d samples are recorded before the unit was read out", d.Streams[0].Recorded)
			}
			s.Stop("stop")
			sum := l.wait(s)
			if sum.ExitCode(false) != 0 {
				t.Errorf("%+v", sum)
			}
			st := l.open(sum.Dir).Stream("d.A")
			if n := int64(len(l.taken("EARLY"))); n < 8 || st.Samples() != n*100 {
				t.Errorf("%d samples are recorded of %d waveforms", st.Samples(), n)
			}
			l.sameTriggers(st, "EARLY", 5000, f.driver != "ps2000a")
			l.goodUse("EARLY")
		})
	}
}
