package rigtest

import (
	"encoding/binary"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// TestSkew polls a unit whose channels have different counts in each poll. What is recorded is aligned all the same:
// every sample of every channel is the one of its index. The unit delivers as fast as buffers come, so that each poll
// brings samples, but no faster than some hundred polls a second; the ring has room for all of them.
func TestSkew(t *testing.T) {
	t.Parallel()
	polls := int64(500) // and those of the second in which a loop empties its library after the stop
	if long {
		polls = 10_000
	}
	const mostInPoll, rate = 4096, 16_000
	hold := fmt.Sprintf("hold = \"%ds\"\n  max_memory = \"90%%\"", (polls+2_000)*mostInPoll/rate)
	l := newLab(t, proofUnit("6824E", "SKEW", "pacing = unthrottled",
		"fault = delay function=ps6000aGetStreamingLatestValues times=0 for=2ms"))
	s := l.start(planOf(hold, scope("d", "ps6000a", "SKEW", "ABCDEFGH", "16kS/s")))
	l.come(s, "d", polls*mostInPoll) // a poll brings no more of a channel
	s.Stop("stop")
	sum := l.wait(s)
	if sum.ExitCode(false) != 0 {
		t.Errorf("%+v", sum)
	}
	l.proven(sum.Dir)
	l.asSent(sum, "d", "SKEW", 100*mostInPoll)
	l.goodUse("SKEW")
}

// asSent compares what was recorded of a device, in one run that was stopped, with what the emulation says that it
// handed over: it counts the first channel, and others may be that many samples away from it when the unit stops.
func (l *lab) asSent(sum *session.Summary, name, serial string, apart int64) {
	l.t.Helper()
	e := l.truth(serial, "stopped")
	delivered := l.number(e, "delivered")
	for i, st := range ended(sum, name).Streams {
		if away := st.Recorded - delivered; i > 0 && max(away, -away) <= apart {
			st.Recorded = delivered
		}
		if st.Recorded != delivered || st.Lost != 0 || st.Gaps != 0 {
			l.t.Errorf("%s: %d samples are recorded, %d were sent, lost %d, gaps %d", st.Name, st.Recorded, delivered, st.Lost, st.Gaps)
		}
	}
	if dropped := l.number(e, "dropped"); dropped != 0 {
		l.t.Errorf("%s: the library dropped %d samples", serial, dropped)
	}
}

// TestHardDelivery has libraries that deliver late, in bursts, or answer that they are busy or wait for buffers: nothing
// of it loses a sample.
func TestHardDelivery(t *testing.T) {
	t.Parallel()
	families := []struct{ driver, model, poll string }{
		{"ps2000a", "2406B", "ps2000aGetStreamingLatestValues"},
		{"ps5000a", "5444D", "ps5000aGetStreamingLatestValues"},
		{"ps6000a", "6824E", "ps6000aGetStreamingLatestValues"},
	}
	for _, c := range []struct {
		name, rig string
		families  string // empty: all
	}{
		{"late", "fault = late run=2 at=200ms for=700ms every=900ms", ""},
		{"bursts", "fault = burst run=2 every=350ms", ""},
		{"busy without data", "empty_poll = busy", ""},
		{"slow calls", "fault = delay function=POLL run=2 call=20 times=10 for=60ms", ""},
		{"waits for buffers", "fault = status function=POLL run=2 call=10 times=20 value=0x197", "ps6000a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var conf, devices, serials []string
			for i, f := range families {
				if c.families != "" && c.families != f.driver {
					continue
				}
				serial := fmt.Sprintf("HARD/%d", i)
				conf = append(conf, proofUnit(f.model, serial, strings.ReplaceAll(c.rig, "POLL", f.poll)))
				devices = append(devices, scope(f.driver, f.driver, serial, "AB", "100kS/s"))
				serials = append(serials, serial)
			}
			l := newLab(t, strings.Join(conf, ""))
			sum := l.record(planOf("samples = 200000", devices...))
			if sum.ExitCode(false) != 0 {
				t.Errorf("%+v", sum)
			}
			l.proven(sum.Dir)
			l.goodUse(serials...)
			for _, serial := range serials {
				if n := l.number(l.truth(serial, "stopped"), "dropped"); n != 0 {
					t.Errorf("%s dropped %d samples", serial, n)
				}
			}
		})
	}
}

// TestLateHost stops the plugin for longer than its library keeps samples. The library drops them without a word, as
// the makers' do, so the recording shows no gap: behind the place that the library's own log tells, each sample is that
// of a later index, by exactly as many as were dropped.
func TestLateHost(t *testing.T) {
	t.Parallel()
	for _, f := range []struct{ driver, model string }{{"ps2000a", "2406B"}, {"ps5000a", "5444D"}, {"ps6000a", "6824E"}} {
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, proofUnit(f.model, "LATE", "buffer = 100ms"))
			s := l.start(planOf("", scope("d", f.driver, "LATE", "AB", "100kS/s")))
			l.come(s, "d", 20_000)
			pid := deviceOf(s.Status(), "d").PluginPID
			if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			time.Sleep(600 * time.Millisecond) // the time that the host is late is what is tested
			if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
			l.come(s, "d", 20_000)
			s.Stop("stop")
			sum := l.wait(s)
			stopped := l.truth("LATE", "stopped")
			if n := l.number(stopped, "dropped"); n < 30_000 {
				t.Errorf("the library dropped %d samples only", n)
			}
			rec := l.open(sum.Dir)
			for _, st := range rec.Streams() {
				l.shifted(st, "LATE")
				if st.Samples() != l.number(stopped, "delivered") {
					t.Errorf("%s: %d samples are recorded, %d were sent", st.Name(), st.Samples(), l.number(stopped, "delivered"))
				}
			}
			l.goodUse("LATE")
		})
	}
}

// shifted checks a stream of the proof signal from which the library has dropped what its log says: every sample is the
// one of its index plus what was dropped before it.
func (l *lab) shifted(st *recording.Stream, serial string) {
	l.t.Helper()
	g := st.Global()
	proof, err := recording.NewProof(serial, g.Channel, g.ResolutionBits, g.Codes[0], g.Codes[1])
	if err != nil {
		l.t.Fatal(err)
	}
	type loss struct{ at, n int64 }
	var losses []loss
	events, err := l.rig.Truth(serial)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, e := range events {
		if e.Name == "lost" {
			losses = append(losses, loss{l.number(e, "at"), l.number(e, "samples")})
		}
	}
	raw := make([]byte, 2*st.Samples())
	if _, err := st.ReadAt(raw, 0); err != nil {
		l.t.Fatal(err)
	}
	index := int64(0)
	for i := range st.Samples() {
		for len(losses) > 0 && index == losses[0].at {
			index += losses[0].n
			losses = losses[1:]
		}
		if have := int64(int16(binary.LittleEndian.Uint16(raw[2*i:]))); have != proof.At(index) {
			l.t.Errorf("%s: sample %d is not that of index %d; losses behind it %v", st.Name(), i, index, losses)
			return
		}
		index++
	}
	if len(losses) > 0 {
		l.t.Errorf("%s: losses that the recording does not show: %v", st.Name(), losses)
	}
}

// TestSilentLoss: single samples that vanish inside the library are found by the proof signal alone, at the place.
func TestSilentLoss(t *testing.T) {
	t.Parallel()
	l := newLab(t, proofUnit("6824E", "LOSE", "fault = lose run=2 sample=30000 count=123"))
	sum := l.record(planOf("samples = 60000", scope("d", "ps6000a", "LOSE", "AH", "100kS/s")))
	for _, st := range l.open(sum.Dir).Streams() {
		l.shifted(st, "LOSE")
	}
	rep := l.verify(sum.Dir, true)
	for _, s := range rep.Streams {
		if len(s.Damage) == 0 || s.Damage[0].Proof == nil || s.Damage[0].Proof.DeviceIndex < 30_000 || s.Damage[0].Proof.DeviceIndex > 30_100 {
			t.Errorf("%s: damage %+v", s.Name, s.Damage)
		}
	}
}

// TestLostInside: what the library counts and does not deliver is told at the end of the run, though not where it was.
func TestLostInside(t *testing.T) {
	t.Parallel()
	const lost = 2_500_000
	l := newLab(t, proofUnit("2406B", "INSIDE", fmt.Sprintf("fault = lose run=2 sample=500000 count=%d", lost)))
	sum := l.record(planOf("samples = 1000000", scope("d", "ps2000a", "INSIDE", "A", "1MS/s")))
	if got := sum.Devices[0].LostInside; !sum.Lost || got < lost-lost/10 || got > lost+lost/10 {
		t.Errorf("lost is %v, %d samples inside the library, want about %d", sum.Lost, got, lost)
	}
}
