package rigtest

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/recording"
)

// troubleLength is how long the waveforms are.
const troubleLength = 2000

// blockTrouble is a plan of a unit that captures rapid blocks until it is stopped: 5 waveforms in each arming.
func blockTrouble(driver, serial string) string {
	return planOf("", device("d", driver, serial,
		"  hang_after = \"1s\"\n  channel \"A\" { range = \"1V\" }\n  channel \"B\" { range = \"1V\" }\n  rapid_block {\n sample_rate = \"31.25MS/s\"\n pre = 500\n post = 1500\n captures = 5\n repeat = \"forever\"\n every = \"10ms\"\n }"))
}

// whole wants only complete waveforms in all streams, the same number of each.
func (l *lab) whole(sum *session.Summary) {
	l.t.Helper()
	first := int64(-1)
	for _, st := range l.open(sum.Dir).Streams() {
		if first < 0 {
			first = st.Samples()
		}
		if st.Samples() != first || first%troubleLength != 0 || first == 0 || int64(len(st.Captures())) != first/troubleLength {
			l.t.Errorf("%s: %d samples in %d waveforms, the first stream has %d samples", st.Name(), st.Samples(), len(st.Captures()), first)
		}
	}
}

// TestBlockTrouble lets libraries and units fail while waveforms are captured and fetched. The device captures again, by itself or
// after a restart of its plugin; what is recorded are whole waveforms, all of whose samples are the right ones.
func TestBlockTrouble(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, rig string
		restarts  int
	}{
		{"the samples are not there yet", "fault = status function=*GetValues* value=PICO_NO_SAMPLES_AVAILABLE call=3", 0},
		{"fetching is slow", "fault = delay function=*GetValues* for=30ms times=0", 0},
		{"questions are slow", "fault = delay function=*IsReady for=30ms times=0", 0},
		{"busy for a while", "fault = status function=*IsReady value=PICO_BUSY call=4 times=3", 0},
		{"a fetch is refused", "fault = status function=*GetValues* value=PICO_NOT_RESPONDING call=4", 1},
		{"arming is refused", "fault = status function=*RunBlock value=PICO_NOT_RESPONDING call=4", 1},
		{"crash in a fetch", "fault = crash function=*GetValues* call=60", 1},
		{"hang in a fetch", "fault = hang function=*GetValues* call=60", 1},
		{"hang in a question", "fault = hang function=*IsReady call=200", 1},
		{"unplugged", "fault = unplug function=*IsReady call=200 for=500ms", 1},
	} {
		for _, f := range []struct{ driver, model string }{{"ps2000a", "2406B"}, {"ps5000a", "5444D"}, {"ps6000a", "6824E"}} {
			t.Run(c.name+" "+f.driver, func(t *testing.T) {
				t.Parallel()
				l := newLab(t, proofUnit(f.model, "TROUBLE", c.rig))
				s := l.start(blockTrouble(f.driver, "TROUBLE"))
				l.until(s, "the device has recorded enough", func(st session.Status) bool {
					d := deviceOf(st, "d")
					return d.Restarts == c.restarts && d.State != "failed" && len(d.Streams) > 0 && d.Streams[0].Recorded >= 60*troubleLength
				})
				s.Stop("stop")
				sum := l.wait(s)
				if sum.DeviceFailed {
					t.Errorf("%+v", sum)
				}
				l.proven(sum.Dir)
				l.whole(sum)
				l.goodUse("TROUBLE")
			})
		}
	}
}

// TestBlockKilled kills the plugin between two waveforms or within one: what was whole stays.
func TestBlockKilled(t *testing.T) {
	t.Parallel()
	l := newLab(t, proofUnit("6824E", "KILLED"))
	s := l.start(blockTrouble("ps6000a", "KILLED"))
	for i := range 3 {
		l.come(s, "d", 10*troubleLength)
		if err := syscall.Kill(deviceOf(s.Status(), "d").PluginPID, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		l.until(s, fmt.Sprintf("the device records again, for the time %d", i+1), func(st session.Status) bool {
			d := deviceOf(st, "d")
			return d.Restarts == i+1 && d.State == "recording"
		})
	}
	l.come(s, "d", 10*troubleLength)
	s.Stop("stop")
	sum := l.wait(s)
	l.proven(sum.Dir)
	l.whole(sum)
	l.goodUse("KILLED")
}

// TestBlockPower takes a unit its supply away while it captures, and gives it back: it goes on with the channels that it has then.
func TestBlockPower(t *testing.T) {
	t.Parallel()
	l := newLab(t, proofUnit("5444D", "POWERED"))
	s := l.start(blockTrouble("ps5000a", "POWERED"))
	for _, p := range []emulator.Power{emulator.USB, emulator.Supply} {
		l.come(s, "d", 20*troubleLength)
		if err := l.rig.SetPower("POWERED", p); err != nil {
			t.Fatal(err)
		}
	}
	l.come(s, "d", 20*troubleLength)
	s.Stop("stop")
	sum := l.wait(s)
	if sum.DeviceFailed || deviceOf(s.Status(), "d").Restarts != 0 {
		t.Errorf("%+v", sum)
	}
	for _, st := range l.open(sum.Dir).Streams() {
		l.begunAnew(st, "POWERED", 2)
	}
	l.whole(sum)
	l.goodUse("POWERED")
}

// begunAnew checks a stream of waveforms of the proof signal, which begins anew so many times.
func (l *lab) begunAnew(st *recording.Stream, serial string, times int) {
	l.t.Helper()
	g := st.Global()
	proof, err := recording.NewProof(serial, g.Channel, g.ResolutionBits, g.Codes[0], g.Codes[1])
	if err != nil {
		l.t.Fatal(err)
	}
	raw := make([]byte, 2*st.Samples())
	if _, err := st.ReadAt(raw, 0); err != nil {
		l.t.Fatal(err)
	}
	begun, index := 0, int64(0)
	for i := int64(0); i < st.Samples(); i++ {
		have := int64(int16(binary.LittleEndian.Uint16(raw[2*i:])))
		if i%troubleLength == 0 && have != proof.At(index) && have == proof.At(0) {
			begun, index = begun+1, 0
		}
		if have != proof.At(index) {
			l.t.Errorf("%s: sample %d is not that of index %d", st.Name(), i, index)
			return
		}
		index++
	}
	if begun != times {
		l.t.Errorf("%s: the signal begins anew %d times, want %d", st.Name(), begun, times)
	}
}

// TestSlowFetchAtTheEnd: a unit that has captured many waveforms, and needs longer to hand them over than a stop may take else, is waited for: none is
// lost.
func TestSlowFetchAtTheEnd(t *testing.T) {
	t.Parallel()
	for i, f := range families {
		if i > 0 && !long {
			break
		}
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, proofUnit(f.model, "SLOWLY", "hurry = on", "fault = delay for=500ms function=*GetValues* times=0"))
			const captures = 24
			s := l.start(planOf("", device("d", f.driver, "SLOWLY", fmt.Sprintf(
				"  channel \"A\" { range = \"1V\" }\n  rapid_block {\n sample_rate = \"31.25MS/s\"\n pre = 50000\n post = 50000\n captures = %d\n repeat = \"forever\"\n }", captures))))
			l.until(s, "it hands waveforms over", func(st session.Status) bool { return deviceOf(st, "d").Streams[0].Recorded > 0 })
			s.Stop("stop")
			began := time.Now()
			sum := l.wait(s)
			took := time.Since(began)
			b := ended(sum, "d").Block
			t.Logf("%d waveforms, %v behind the stop", b.Waveforms, took.Round(time.Millisecond))
			if sum.ExitCode(false) != 0 || b.Waveforms%captures != 0 || b.Lost != 0 {
				t.Errorf("exit code %d, %+v", sum.ExitCode(false), b)
			}
			if took < 5*time.Second {
				t.Errorf("it took %v: nothing was slow", took)
			}
			l.proven(sum.Dir)
			l.goodUse("SLOWLY")
		})
	}
}
