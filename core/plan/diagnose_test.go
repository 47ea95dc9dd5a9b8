package plan

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

func TestDiagnose(t *testing.T) {
	t.Parallel()
	p := mustParse(t, pathsPlan)
	unsupported := func(field, nearest string) error {
		return &driver.Error{Kind: driver.KindUnsupported, Op: "configure", Field: field, Message: "it is not possible", Nearest: nearest, Advice: "try another"}
	}
	for _, c := range []struct {
		name, device string
		err          error
		line, column int
		summary      string
		detail       []string
	}{
		{"a field", "sim", unsupported("channel.A.range", "2V"), 26, 13, `The device "sim" cannot do this`, []string{"it is not possible", `range = "2V"`, "Try another."}},
		{"at the tip of a probe", "cell", unsupported("channel.A.range", "2V"), 11, 13, "cannot do this", []string{`range = "20V"`}},
		{"a nearest value in quotes", "sim", unsupported("channel.A.range", `"2 V"`), 26, 13, "cannot do this", []string{`range = "2V".`}},
		{"a nearest number", "sim", unsupported("stream.downsample.ratio", "100"), 35, 3, "cannot do this", []string{`ratio = 100.`}},
		{"a nearest interval for a rate", "sim", unsupported("stream.sample_interval", `"2us"`), 35, 26, "cannot do this", []string{`sample_rate = "500kS/s".`}},
		{"a nearest rate for an interval", "cell", unsupported("stream.sample_rate", `"500 kS/s"`), 14, 30, "cannot do this", []string{`sample_interval = "2us".`}},
		{"a rate written as an interval", "cell", unsupported("stream.sample_rate", ""), 14, 30, "cannot do this", nil},
		{"an interval written as a rate", "sim", unsupported("stream.sample_interval", ""), 35, 26, "cannot do this", nil},
		{"an option of the driver", "sim", unsupported("options.fault.crash.at", ""), 33, 26, "cannot do this", nil},
		{"an option of a channel", "sim", unsupported("channel.A.sim.add.0.frequency", ""), 29, 25, "cannot do this", nil},
		{"a condition by its name", "cell", unsupported("trigger.level.up.threshold", ""), 19, 19, "cannot do this", nil},
		{"a default", "sim", unsupported("resolution", ""), 23, 1, "cannot do this", nil},
		{"no field", "cell", &driver.Error{Kind: driver.KindPluginGone, Message: "it has ended"}, 7, 1, `The driver of the device "cell" has ended`, nil},
		{"not found", "cell", &driver.Error{Kind: driver.KindNotFound, Message: "no unit SECRET-1234"}, 9, 12, "was not found", []string{"No unit (hidden)"}},
		{"wrapped", "cell", fmt.Errorf("open: %w", &driver.Error{Kind: driver.KindBusy, Message: "busy"}), 7, 1, "is in use", nil},
		{"another error", "cell", errors.New("open SECRET-1234: broken"), 7, 1, `The device "cell" failed`, []string{"Open (hidden): broken."}},
		{"an unknown device", "none", errors.New("x"), 1, 1, "failed", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			diags := p.Diagnose(c.device, c.err)
			if len(diags) != 1 {
				t.Fatalf("%d diagnostics", len(diags))
			}
			d := diags[0]
			if d.Subject.Start.Line != c.line || d.Subject.Start.Column != c.column {
				t.Errorf("at %v, want %d,%d", d.Subject, c.line, c.column)
			}
			if !strings.Contains(d.Summary, c.summary) {
				t.Errorf("summary %q, want %q", d.Summary, c.summary)
			}
			for _, want := range c.detail {
				if !strings.Contains(d.Detail, want) {
					t.Errorf("detail %q, want %q", d.Detail, want)
				}
			}
			if strings.Contains(d.Detail, "SECRET") {
				t.Errorf("a secret is shown: %q", d.Detail)
			}
		})
	}
	if got := p.Diagnose("cell", nil); got != nil {
		t.Errorf("no error gives %v", got)
	}
	if got := p.Diagnose("cell", errors.Join(unsupported("resolution", ""), unsupported("channel.A.range", ""))); len(got) != 2 {
		t.Errorf("two errors give %d diagnostics", len(got))
	}
}
