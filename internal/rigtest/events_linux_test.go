package rigtest

import (
	"fmt"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// eventUnit is a unit that sees a square wave on channel A.
func eventUnit(model, serial, frequency string) string {
	return fmt.Sprintf("[unit %s]\nmodel = %s\nbuffer = 10s\nchannel A = square frequency=%s amplitude=1V\n", serial, model, frequency)
}

// TestEventsAcrossFamilies lets each rise that one unit streams start a block on a second and a rapid block on a third, for every family as the
// one that streams. The rapid block's own trigger is an event, too.
func TestEventsAcrossFamilies(t *testing.T) {
	t.Parallel()
	models := map[string]string{"ps2000a": "2406B", "ps5000a": "5444D", "ps6000a": "6824E"}
	names := []string{"ps2000a", "ps5000a", "ps6000a"}
	for i, source := range names {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			block, rapid := names[(i+1)%3], names[(i+2)%3]
			l := newLab(t, eventUnit(models[source], "SLOW", "5Hz")+eventUnit(models[block], "BLOCK", "1MHz")+eventUnit(models[rapid], "RAPID", "1MHz"))
			const channel = "  channel \"A\" { range = \"1V\" }\n"
			trigger := "  trigger {\n    level \"A\" {\n direction = \"rising\"\n threshold = \"100mV\"\n }\n  }\n"
			text := planOf("",
				device("slow", source, "SLOW", channel+`  stream { sample_rate = "100kS/s" }`),
				device("block", block, "BLOCK", channel+"  block {\n sample_rate = \"31.25MS/s\"\n post = 1000\n }"),
				device("rapid", rapid, "RAPID", channel+"  rapid_block {\n sample_rate = \"31.25MS/s\"\n pre = 100\n post = 400\n captures = 5\n }\n"+trigger),
			) + `
event "up" {
  source     = "slow.A"
  level      = "250mV"
  hysteresis = "100mV"
  start      = ["block", "rapid"]
}
event "seen" {
  source = "rapid"
}
`
			s := l.start(text)
			l.until(s, "both devices are started three times", func(st session.Status) bool {
				b := st.EventBlocks[0]
				return b.Starts[0].Started >= 3 && b.Starts[1].Started >= 3 && deviceOf(st, "block").State == "waiting" && deviceOf(st, "rapid").State == "waiting"
			})
			s.Stop("stop")
			sum := l.wait(s)
			if sum.ExitCode(false) != 0 {
				t.Errorf("%+v", sum)
			}
			up, seen := sum.EventBlocks[0], sum.EventBlocks[1]
			toBlock, toRapid := up.Starts[0], up.Starts[1]
			if toBlock.Failed+toRapid.Failed > 0 || toBlock.AfterEvent == nil || toBlock.AfterEvent.Min < 0 || up.Suppressed > 0 {
				t.Errorf("%+v", up)
			}
			// One that comes right before the end may have been cut off.
			if n := ended(sum, "block").Block.Waveforms; n < toBlock.Started-1 || n > toBlock.Started {
				t.Errorf("block: %d waveforms of %d orders", n, toBlock.Started)
			}
			n := ended(sum, "rapid").Block.Waveforms
			if n < 5*(toRapid.Started-1) || n > 5*toRapid.Started || seen.Count < n {
				t.Errorf("rapid: %d waveforms of %d orders, %d triggers", n, toRapid.Started, seen.Count)
			}
			rec := l.open(sum.Dir)
			events, err := rec.Events()
			if err != nil {
				t.Fatal(err)
			}
			found := int64(0)
			for _, e := range events {
				if e.Kind == recording.EventDetected && e.Data["event"] == "up" {
					found++
				}
			}
			if found != up.Count {
				t.Errorf("%d events in the recording, %d were found", found, up.Count)
			}
			l.verify(sum.Dir, false)
			l.goodUse("SLOW", "BLOCK", "RAPID")
		})
	}
}
