package plan

import (
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

// TestSetupWithoutRate: a set-up that cannot run at all is refused with what can be done, whatever else can run.
func TestSetupWithoutRate(t *testing.T) {
	t.Parallel()
	p := mustParse(t, "run \"r\" {\n  output = \"x\"\n}\ndevice \"d\" {\n  driver = \"sim\"\n  channel \"A\" { range = \"5V\" }\n"+
		"  channel \"B\" { range = \"5V\" }\n  digital \"D0-7\" {}\n  stream { sample_rate = \"1MS/s\" }\n}\n")
	for _, c := range []struct {
		name  string
		rates []driver.RateLimit
		want  string
	}{
		{"possible otherwise", []driver.RateLimit{{MaxChannels: 1, Spans: anyFrom(ns(8))}}, "Change the set-up. It is possible with at most 1 channel."},
		{"possible otherwise, and slower", []driver.RateLimit{{MaxChannels: 1, Spans: anyFrom(ns(2000))}}, "It can run with at most 1 channel, and at another rate."},
		{"not possible", []driver.RateLimit{{MaxChannels: 1, Bits: 99, Spans: anyFrom(ns(8))}}, "Record fewer channels, or none of the digital ports, or at another resolution."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			caps := simDescription().Models[0]
			caps.Modes[0].Rates = c.rates
			diags := p.Check("d", caps)
			if len(diags) != 1 || !strings.HasPrefix(diags[0].Summary, "No sample rate is possible with 2 channels") || diags[0].Detail != c.want {
				t.Errorf("got %v, want %q", diags, c.want)
			}
		})
	}
}
