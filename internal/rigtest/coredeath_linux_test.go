package rigtest

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// onDesk makes the plan of a lab one for a desk.
func onDesk(text string) string {
	return strings.NewReplacer("variable \"out\" {}", "", "var.out", `"recordings"`).Replace(text)
}

func itoa(n int) string { return strconv.Itoa(n) }

// TestPluginsEndWithoutTheirCore kills the core while all families record, with the orphan time that plans have by default:
// every plugin has ended five seconds later, also when the vendor library hangs in the stop, in the close or in a poll.
func TestPluginsEndWithoutTheirCore(t *testing.T) {
	t.Parallel()
	const promised = 5 * time.Second
	for _, c := range []struct{ name, rig string }{
		{"healthy", ""},
		{"close hangs", "fault = hang function=ps5000aCloseUnit times=0"},
		{"stop hangs", "fault = hang function=ps5000aStop run=2 times=0"},
		{"a poll never ends", "fault = spin function=ps5000aGetStreamingLatestValues run=2 sample=150000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, mixed(c.rig), strings.Replace(onDesk(mixedPlan("")), `hang_after = "1s"`, "", 1))
			p := d.begin("run", "plan.hcl")
			st := d.recording(20_000)
			began := time.Now()
			p.kill()
			for _, dev := range st.Devices {
				if dev.PluginPID == 0 {
					t.Fatalf("%s has no process", dev.Name)
				}
				if _, ok := gone(t, dev.PluginPID, 3*promised); !ok { // the machine may be busy
					t.Errorf("%v after the core's death the plugin of %s is still there", 3*promised, dev.Name)
				}
				t.Logf("%s: ended %v after the core at the latest", dev.Name, time.Since(began).Round(10*time.Millisecond))
			}
			dir := d.dir()
			d.run(0, "repair", dir)
			d.verified(dir)
		})
	}
}
