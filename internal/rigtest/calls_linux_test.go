package rigtest

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/core/session"
)

// family is what the tests of single calls need to know of one.
type family struct{ driver, model string }

var families = []family{{"ps2000a", "2406B"}, {"ps5000a", "5444D"}, {"ps6000a", "6824E"}}

// quietCalls are those that a unit's log does not tell of when they succeed, as they come in loops.
var quietCalls = []string{"OpenUnit*", "SetDataBuffer*", "GetStreamingLatestValues", "CloseUnit"}

// someCalls stand for the phases of an acquisition in the short form: they are called by every family when a unit is opened, asked what it is and
// can do, set up, started, polled.
var someCalls = []string{"OpenUnit*", "GetUnitInfo", "MemorySegments", "SetSimpleTrigger", "SetDataBuffer*", "RunStreaming", "GetStreamingLatestValues"}

// callsOf lists the functions that a plugin of the family calls from opening a unit to its samples: in the long form all that the unit's log tells of.
func (l *lab) callsOf(f family, serial string) []string {
	l.t.Helper()
	if !long {
		return someCalls
	}
	events, err := l.rig.Truth(serial)
	if err != nil {
		l.t.Fatal(err)
	}
	calls := slices.Clone(quietCalls)
	for _, e := range events {
		if name := strings.TrimPrefix(e.Fields["function"], f.driver); e.Name == "call" && !slices.Contains(calls, name) {
			calls = append(calls, name)
		}
	}
	return calls
}

// beside is a plan of a device that must not notice what happens to the other one.
func beside(f family, serial string) string {
	patient := strings.Replace(scope("d", f.driver, serial, "AB", "100kS/s"), "channel", "hang_after = \"500ms\"\n  restart { backoff_max = \"200ms\" }\n  channel", 1)
	return planOf("", patient, device("good", "sim", serial+"G", "  channel \"A\" {\n    range = \"5V\"\n    sim { signal = \"proof\" }\n  }\n  stream { sample_rate = \"100kS/s\" }"))
}

// kill ends the plugin of a device as the system would.
func (l *lab) kill(s *session.Session, name string) {
	l.t.Helper()
	if err := syscall.Kill(deviceOf(s.Status(), name).PluginPID, syscall.SIGKILL); err != nil {
		l.t.Fatal(err)
	}
}

// records waits until a device records again, for the so-manieth time.
func (l *lab) records(s *session.Session, name string, restarts int) {
	l.t.Helper()
	l.until(s, fmt.Sprintf("%s records again, for the time %d", name, restarts), func(st session.Status) bool {
		d := deviceOf(st, name)
		return d.Restarts >= restarts && d.State == "recording"
	})
	l.come(s, name, 10_000)
}

// unharmed checks that a simulated device of the proof signal lost nothing.
func (l *lab) unharmed(sum *session.Summary, name string) {
	l.t.Helper()
	if st := ended(sum, name).Streams[0]; st.Lost != 0 || st.Gaps != 0 || st.Recorded == 0 {
		l.t.Errorf("the device beside it: %+v, gaps %+v", st, ended(sum, name).Gaps)
	}
}

// TestCrashInEveryCall lets the library crash in each function that is called when a unit is opened again, set up and started, after its plugin was
// killed: one attempt fails, the next one works, and the loss is one gap.
func TestCrashInEveryCall(t *testing.T) {
	t.Parallel()
	for _, f := range families {
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, proofUnit(f.model, "CALLS"))
			s := l.start(beside(f, "CALLS"))
			l.come(s, "d", 10_000)
			s.Stop("stop")
			l.wait(s)
			for _, call := range l.callsOf(f, "CALLS") {
				if call == "CloseUnit" || call == "NoOfStreamingValues" {
					continue // belong to the end
				}
				t.Run(strings.TrimSuffix(call, "*"), func(t *testing.T) {
					t.Parallel()
					l := newLab(t, proofUnit(f.model, "CALLS", "fault = crash open=2 function="+f.driver+call))
					s := l.start(beside(f, "CALLS"))
					l.come(s, "d", 10_000)
					l.kill(s, "d")
					l.records(s, "d", 1)
					s.Stop("stop")
					sum := l.wait(s)
					if n := l.number(l.truth("CALLS", "open"), "open"); n < 3 {
						t.Errorf("the unit was opened %d times: the crash did not come", n)
					}
					if sum.ExitCode(false) != session.ExitLoss || sum.DeviceFailed {
						t.Errorf("%+v", sum)
					}
					l.proven(sum.Dir)
					l.inBounds(sum, "d", "CALLS", 1)
					l.unharmed(sum, "good")
					l.goodUse("CALLS")
				})
			}
		})
	}
}

// TestTroubleAtTheEnd lets the library crash or block in the functions that end an acquisition and close a unit: all that was captured is recorded,
// and the run ends in its time.
func TestTroubleAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, f := range families {
		for _, call := range []struct{ name, when string }{{"Stop", "call=2"}, {"NoOfStreamingValues", ""}, {"CloseUnit", ""}} {
			for _, fault := range []string{"crash", "hang", "hang for=30s", "exit code=0", "spin"} {
				if !long && (fault == "exit code=0" || fault == "spin" || fault == "hang" && f.driver != "ps6000a") {
					continue
				}
				t.Run(f.driver+" "+call.name+" "+fault, func(t *testing.T) {
					t.Parallel()
					l := newLab(t, proofUnit(f.model, "END", fmt.Sprintf("fault = %s function=%s%s %s", fault, f.driver, call.name, call.when)))
					s := l.start(beside(f, "END"))
					l.come(s, "d", 10_000)
					s.Stop("stop")
					sum := l.wait(s)
					if sum.DeviceFailed || sum.Lost {
						t.Errorf("%+v", sum)
					}
					l.proven(sum.Dir)
					l.unharmed(sum, "good")
					if st := ended(sum, "d").Streams[0]; st.Lost != 0 || st.Gaps != 0 {
						t.Errorf("%+v, gaps %+v", st, ended(sum, "d").Gaps)
					}
				})
			}
		}
	}
}

// TestBlockedInEveryCall lets each function block for half a minute when a unit is opened again, set up and started, after its plugin was killed. A
// unit that takes that long to open is waited for; where less is granted, the plugin is ended and another attempt works. The loss is one gap.
func TestBlockedInEveryCall(t *testing.T) {
	t.Parallel()
	for _, f := range families {
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			calls := []string{"SetSimpleTrigger", "GetStreamingLatestValues"}
			if long {
				l := newLab(t, proofUnit(f.model, "CALLS"))
				s := l.start(beside(f, "CALLS"))
				l.come(s, "d", 10_000)
				calls = l.callsOf(f, "CALLS")
				s.Stop("stop")
				l.wait(s)
			}
			for _, call := range calls {
				if call == "CloseUnit" || call == "NoOfStreamingValues" {
					continue // belong to the end
				}
				t.Run(strings.TrimSuffix(call, "*"), func(t *testing.T) {
					t.Parallel()
					l := newLab(t, proofUnit(f.model, "CALLS", "fault = hang for=30s open=2 function="+f.driver+call))
					s := l.start(beside(f, "CALLS"))
					l.come(s, "d", 10_000)
					l.kill(s, "d")
					l.records(s, "d", 1)
					s.Stop("stop")
					sum := l.wait(s)
					if sum.ExitCode(false) != session.ExitLoss || sum.DeviceFailed {
						t.Errorf("%+v", sum)
					}
					l.truth("CALLS", "fault")
					l.proven(sum.Dir)
					l.inBounds(sum, "d", "CALLS", len(l.open(sum.Dir).Run().Device("d").Epochs)-1)
					l.unharmed(sum, "good")
				})
			}
		})
	}
}

// TestTroubleInEveryBlockCall lets each function crash, or block for half a minute, that captures waveforms: those that are recorded are whole and
// right, and the unit captures again.
func TestTroubleInEveryBlockCall(t *testing.T) {
	t.Parallel()
	for _, f := range families {
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			calls := []string{"RunBlock", "IsReady", "GetNoOfCaptures", "GetValues*"}
			if long {
				l := newLab(t, proofUnit(f.model, "CALLS"))
				s := l.start(blockTrouble(f.driver, "CALLS"))
				l.come(s, "d", 10*troubleLength)
				s.Stop("stop")
				l.wait(s)
				calls = append(calls, l.callsOf(f, "CALLS")...)
			}
			for _, fault := range []string{"crash", "hang for=30s"} {
				for _, call := range slices.Compact(slices.Sorted(slices.Values(calls))) {
					if call == "CloseUnit" || call == "GetStreamingLatestValues" || !long && fault != "crash" {
						continue
					}
					t.Run(fault+" "+strings.TrimSuffix(call, "*"), func(t *testing.T) {
						t.Parallel()
						l := newLab(t, proofUnit(f.model, "CALLS", "fault = "+fault+" open=2 function="+f.driver+call))
						s := l.start(blockTrouble(f.driver, "CALLS"))
						l.come(s, "d", 10*troubleLength)
						l.kill(s, "d")
						l.meets(s, "CALLS", "fault")
						l.come(s, "d", 10*troubleLength) // none of them is of the process that met it at its first call
						s.Stop("stop")
						sum := l.wait(s)
						if sum.DeviceFailed {
							t.Errorf("%+v", sum)
						}
						l.truth("CALLS", "fault")
						l.proven(sum.Dir)
						l.whole(sum)
					})
				}
			}
		})
	}
}
