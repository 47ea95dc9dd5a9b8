package rigtest

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// mixed is a rig of one unit per family; lines may be added to that of the 5444D.
func mixed(more ...string) string {
	return proofUnit("2406B", "MIX/24") + proofUnit("5444D", "MIX/54", more...) + proofUnit("6824E", "MIX/68")
}

// mixedPlan records all of them, and a simulated device.
func mixedPlan(limit string) string {
	sim := device("slow", "sim", "MIX/SIM", "  channel \"A\" {\n    range = \"5V\"\n    sim { signal = \"proof\" }\n  }\n  stream { sample_rate = \"100kS/s\" }")
	patient := strings.Replace(scope("cell", "ps5000a", "MIX/54", "AC", "200kS/s"), "channel", "hang_after = \"1s\"\n  channel", 1)
	return planOf(limit, scope("bench", "ps2000a", "MIX/24", "ABCD", "100kS/s"), patient, scope("fast", "ps6000a", "MIX/68", "ABH", "200kS/s"), sim)
}

var mixedUnits = map[string]string{"bench": "MIX/24", "cell": "MIX/54", "fast": "MIX/68"}

// TestMixedRig records units of three families and a simulated device at once. Every sample is the right one, and there
// are as many as the libraries' own logs say that they handed over.
func TestMixedRig(t *testing.T) {
	t.Parallel()
	l := newLab(t, mixed())
	s := l.start(mixedPlan(""))
	want := int64(100_000)
	if long {
		want = 3_000_000
	}
	for name := range mixedUnits {
		l.come(s, name, want)
	}
	for _, d := range s.Status().Devices {
		if !d.Emulated {
			t.Errorf("%s is not told to be emulated", d.Name)
		}
	}
	s.Stop("stop")
	sum := l.wait(s)
	if sum.ExitCode(false) != 0 {
		t.Errorf("%+v", sum)
	}
	l.proven(sum.Dir)
	for name, serial := range mixedUnits {
		l.asSent(sum, name, serial, 60_000) // a quarter of a second
		l.goodUse(serial)
	}
}

// TestOneOfMixedFails lets the 5444D, its library or its plugin fail while all record. The other devices lose nothing;
// the one that failed records again, behind a gap.
func TestOneOfMixedFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, rig string
		act       func(l *lab, s *session.Session) error
		cause     string
		causes    string // others that are as good; which comes depends on what is seen first
	}{
		{name: "crash in the library", rig: "fault = crash run=2 sample=100000", cause: "restart"},
		{name: "the library ends the process", rig: "fault = exit run=2 sample=100000", cause: "restart"},
		{name: "hang", rig: "fault = hang function=ps5000aGetStreamingLatestValues run=2 sample=100000", cause: "restart"},
		{name: "endless loop", rig: "fault = spin function=ps5000aGetStreamingLatestValues run=2 sample=100000", cause: "restart"},
		{name: "busy for ever", rig: "fault = busy function=ps5000aGetStreamingLatestValues run=2 sample=100000", cause: "restart"},
		{name: "an error", rig: "fault = status function=ps5000aGetStreamingLatestValues run=2 sample=100000 value=PICO_NOT_RESPONDING", cause: "usb"},
		{name: "unplugged, and gone", rig: "fault = unplug run=2 sample=100000 for=700ms", cause: "usb"},
		{name: "unplugged, and busy", rig: "unplug = busy\nfault = unplug run=2 sample=100000 for=700ms", cause: "restart", causes: "usb"},
		{name: "unplugged, and hanging", rig: "unplug = hang\nfault = unplug run=2 sample=100000 for=700ms", cause: "restart"},
		{name: "killed", act: func(l *lab, s *session.Session) error {
			l.come(s, "cell", 100_000)
			return syscall.Kill(deviceOf(s.Status(), "cell").PluginPID, syscall.SIGKILL)
		}, cause: "restart"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, mixed(c.rig))
			s := l.start(mixedPlan(""))
			if c.act != nil {
				if err := c.act(l, s); err != nil {
					t.Fatal(err)
				}
			}
			l.until(s, "the device records again", func(st session.Status) bool {
				d := deviceOf(st, "cell")
				return d.Restarts > 0 && d.State == "recording"
			})
			l.come(s, "cell", 50_000)
			s.Stop("stop")
			sum := l.wait(s)
			if sum.ExitCode(false) != session.ExitLoss || sum.DeviceFailed {
				t.Errorf("%+v", sum)
			}
			l.proven(sum.Dir)
			for name, serial := range mixedUnits {
				if name != "cell" {
					l.asSent(sum, name, serial, 60_000)
				}
				l.goodUse(serial)
			}
			if st := ended(sum, "slow").Streams[0]; st.Lost != 0 {
				t.Errorf("the simulated device: %+v, gaps %+v", st, ended(sum, "slow").Gaps)
			}
			rec := l.open(sum.Dir)
			for _, ch := range "AC" {
				gaps := rec.Stream(fmt.Sprintf("cell.%c", ch)).Gaps()
				if len(gaps) != 1 || gaps[0].Cause.String() != c.cause && gaps[0].Cause.String() != c.causes || gaps[0].Lost <= 0 {
					t.Errorf("cell.%c: gaps %+v", ch, gaps)
				}
			}
			l.inBounds(sum, "cell", "MIX/54", 1)
			if run := rec.Run().Device("cell"); run.Restarts != 1 || len(run.Epochs) != 2 {
				t.Errorf("%d restarts, epochs %+v", run.Restarts, run.Epochs)
			}
			restarts := 0
			events, err := rec.Events()
			for _, e := range events {
				if e.Kind == recording.EventRestart {
					restarts++
				}
			}
			if restarts == 0 || err != nil {
				t.Errorf("no event tells of the restart: %v", err)
			}
		})
	}
}
