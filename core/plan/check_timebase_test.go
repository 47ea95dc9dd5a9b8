package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// blockPlan is a plan with one device in block mode.
func blockPlan(drv, lines, mode string) string {
	return fmt.Sprintf("run \"r\" { output = \"x\" }\ndevice \"a\" {\n  driver = %q\n  channel \"A\" { range = \"5V\" }\n%s\n  %s\n}\n", drv, lines, mode)
}

// parsed returns a plan and its problems as text.
func parsed(t *testing.T, src string, describe func(string) (driver.Description, error)) (*Plan, string) {
	t.Helper()
	o := testOptions(src)
	o.Describe = describe
	p, diags := Parse([]byte(src), "a.hcl", o)
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%s: %s %s\n", d.Subject, d.Summary, d.Detail)
	}
	return p, b.String()
}

func TestTimebaseIntervals(t *testing.T) {
	t.Parallel()
	slow := overviewScope("5244A", 2, 0)
	slow.Modes = slices.Clone(slow.Modes)
	slow.Modes[1].Timebases = []driver.Timebases{{Last: 1000, Clock: units.Hertz(1_000_000, 1)}}
	silent := overviewScope("5442X", 4, 0)
	silent.Modes = slices.Clone(silent.Modes)
	silent.Modes[1].Timebases = nil
	describe := func(name string) (driver.Description, error) {
		if name == "differ" {
			return driver.Description{Name: name, Models: []driver.Capabilities{overviewScope("5442D", 4, 0), slow, overviewScope("5242D", 2, 0), silent}}, nil
		}
		return describeTest(name)
	}
	for _, c := range []struct {
		name, driver, lines, mode, want string
	}{
		{"by model", "ps5000a", `  model = "5242D"`, "block {\n timebase = 7\n post = 10\n}", "40ns 5242D"},
		{"by resolution", "ps5000a", "  model = \"5242D\"\n  resolution = \"14bit\"", "block {\n timebase = 3\n post = 10\n}", "8ns 5242D"},
		{"the same on all models", "ps6000a", "", "rapid_block {\n captures = 2\n timebase = 5\n post = 10\n}", "6.4ns 6824E,6404E"},
		{"models differ", "differ", "", "block {\n timebase = 7\n post = 10\n}", "40ns 5442D,5242D; 7us 5244A"},
		{"a model that does not fit", "differ", "  channel \"C\" { range = \"5V\" }", "block {\n timebase = 7\n post = 10\n}", "40ns 5442D"},
		{"not told at this resolution", "ps5000a", `  resolution = "12bit"`, "block {\n timebase = 7\n post = 10\n}", ""},
		{"a secret number", "ps5000a", "", "block {\n timebase = var.secret\n post = 10\n}", ""},
		{"no timebase", "ps5000a", "", "block {\n sample_rate = \"1MS/s\"\n post = 10\n}", ""},
		{"a stream", "ps5000a", "", `stream { sample_rate = "1MS/s" }`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			const secret = "\nvariable \"secret\" {\n  default   = 7\n  sensitive = true\n}\n"
			p, problems := parsed(t, blockPlan(c.driver, c.lines, c.mode)+secret, describe)
			if problems != "" {
				t.Fatal(problems)
			}
			var got []string
			for _, b := range p.Devices[0].Timebases {
				got = append(got, compact(b.Interval)+" "+strings.Join(b.Models, ","))
			}
			if s := strings.Join(got, "; "); s != c.want {
				t.Errorf("%q, want %q", s, c.want)
			}
		})
	}
}

// TestAnyModelMayFit checks that a plan without a model is valid when one model's memory and numbers allow it.
func TestAnyModelMayFit(t *testing.T) {
	t.Parallel()
	small := overviewScope("small", 4, 0)
	small.Modes = slices.Clone(small.Modes)
	small.Modes[1].Memory = []driver.MemoryLimit{{Samples: 1000, Limit: "1 kS"}}
	describe := func(string) (driver.Description, error) {
		return driver.Description{Name: "ps5000a", Models: []driver.Capabilities{small, overviewScope("large", 4, 0)}}, nil
	}
	for _, c := range []struct {
		name, lines string
		fits        string
		problem     string
	}{
		{"any", "", "large", ""},
		{"the large one", `  model = "large"`, "large", ""},
		{"the small one", `  model = "small"`, "", "a.hcl:8,10-14: The capture is too long The small holds 1,000 samples per channel (1 kS), and a capture has 5,000. Write post = 1000 (samples) or less."},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, problems := parsed(t, blockPlan("ps5000a", c.lines, "block {\n  timebase = 7\n  post = 5000\n}"), describe)
			if strings.TrimSpace(problems) != c.problem || c.problem == "" && strings.Join(p.Devices[0].Fits, ",") != c.fits {
				t.Errorf("%q, fits %v; want %q, %q", problems, p.Devices[0].Fits, c.problem, c.fits)
			}
		})
	}
}

// TestOpenedUnitDecides checks that an opened unit is not held against a table's numbers and memory: it is asked when it is configured.
func TestOpenedUnitDecides(t *testing.T) {
	t.Parallel()
	table := overviewScope("5442D", 4, 0)
	table.Modes = slices.Clone(table.Modes)
	table.Modes[1].Memory, table.Modes[1].Timebases = []driver.MemoryLimit{{Samples: 10}}, []driver.Timebases{{First: 100, Last: 200, Clock: units.Hertz(1, 1)}}
	describe := func(string) (driver.Description, error) { return driver.Description{}, fmt.Errorf("not installed") }
	p, _ := parsed(t, blockPlan("ps5000a", "", "block {\n  timebase = 7\n  post = 5000\n}"), describe)
	if diags := p.Check("a", table); diags.HasErrors() {
		t.Errorf("the unit is refused: %v", diags)
	}
	if diags := checkAgainst(p, p.Device("a"), table); errorCount(diags) != 2 {
		t.Errorf("the table allows it: %v", diags)
	}
}
