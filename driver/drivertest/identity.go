package drivertest

import (
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/scopelog/scopelog/driver"
)

var identityRules = []rule{
	{"names itself", checkNames},
	{"describes itself twice alike", checkDescribeTwice},
	{"models are consistent", checkModels},
	{"options are well formed", checkOptionSchemas},
}

var fileName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

func checkNames(k *kit) {
	c, d := k.start()
	if c.Program().Name != d.Name || c.Program().Version != d.Version {
		k.Errorf("Info says %q, Describe says %q %q", c.Program(), d.Name, d.Version)
	}
	if base := filepath.Base(k.target.Path); fileName.MatchString(base) && base != d.Name {
		k.Errorf("the file is called %q and the driver %q; they have to be the same", base, d.Name)
	}
	if d.Version == "" {
		k.Errorf("the description has no version")
	}
	if d.Summary == "" || strings.Contains(d.Summary, "\n") {
		k.Errorf("the summary %q is not one line", d.Summary)
	}
	b := d.Budgets
	for name, v := range map[string]int64{"open": int64(b.Open), "configure": int64(b.Configure), "stream": int64(b.Stream), "fetch": int64(b.Fetch), "close": int64(b.Close)} {
		if v < 0 {
			k.Errorf("the budget for %s is negative", name)
		}
	}
}

// checkDescribeTwice asks one process twice, and another one.
func checkDescribeTwice(k *kit) {
	c, first := k.start()
	ctx, cancel := k.context()
	defer cancel()
	second, err := c.Describe(ctx)
	if err != nil {
		k.Fatalf("describe again: %v", err)
	}
	if !reflect.DeepEqual(first, second) {
		k.Errorf("the second description differs from the first")
	}
	if _, third := k.start(); !reflect.DeepEqual(first, third) {
		k.Errorf("another process describes itself differently")
	}
}

func checkModels(k *kit) {
	_, d := k.start()
	if len(d.Models) == 0 {
		k.Fatalf("the description has no models; one without a name is valid for any")
	}
	seen := map[string]bool{}
	for _, m := range d.Models {
		if seen[m.Model] {
			k.Errorf("the model %q comes twice", m.Model)
		}
		seen[m.Model] = true
		checkCapabilities(k, m)
	}
}

// checkCapabilities finds what would mislead the check of a plan.
func checkCapabilities(k *kit, c driver.Capabilities) {
	k.Helper()
	bad := func(format string, args ...any) {
		k.Helper()
		k.Errorf("model %q: "+format, append([]any{c.Model}, args...)...)
	}
	if len(c.Channels)+len(c.Digital) == 0 {
		bad("it has neither channels nor digital ports")
	}
	names := map[string]bool{}
	for _, ch := range c.Channels {
		if names[ch.Name] || ch.Name == "" {
			bad("the channel %q has no name of its own", ch.Name)
		}
		names[ch.Name] = true
		checkChannel(bad, ch)
	}
	for _, p := range c.Digital {
		if names[p.Name] || p.Name == "" || len(p.Pins) == 0 {
			bad("the digital port %q has no name of its own, or no pins", p.Name)
		}
		names[p.Name] = true
		if p.ThresholdMin > p.ThresholdMax {
			bad("port %s: thresholds from %v to %v", p.Name, p.ThresholdMin, p.ThresholdMax)
		}
	}
	for _, bits := range c.Resolutions {
		if !hasCodes(c, bits) {
			bad("no legal codes for %d bits", bits)
		}
	}
	if len(c.Modes) == 0 {
		bad("it has no modes")
	}
	for _, m := range c.Modes {
		checkMode(bad, m)
	}
}

func checkChannel(bad func(string, ...any), ch driver.ChannelCapabilities) {
	if len(ch.Ranges) == 0 || ch.AnyRange && len(ch.Ranges) != 2 {
		bad("channel %s: %d ranges, any range %v", ch.Name, len(ch.Ranges), ch.AnyRange)
	}
	for i, r := range ch.Ranges {
		if r <= 0 || i > 0 && r <= ch.Ranges[i-1] {
			bad("channel %s: ranges are not ascending at %v", ch.Name, r)
		}
	}
	if len(ch.Couplings) == 0 {
		bad("channel %s: no coupling", ch.Name)
	}
	for _, o := range ch.Offsets {
		if o.Min > 0 || o.Max < 0 {
			bad("channel %s: offsets from %v to %v do not hold 0", ch.Name, o.Min, o.Max)
		}
	}
}

func hasCodes(c driver.Capabilities, bits int) bool {
	for _, r := range c.MaxCodes {
		if r.Bits == bits {
			return r.Min < r.Max
		}
	}
	return false
}

func checkMode(bad func(string, ...any), m driver.ModeCapabilities) {
	if !m.Ready {
		if m.NotReady == "" {
			bad("mode %s is not ready, and does not say why", m.Mode)
		}
		return
	}
	if len(m.Rates) == 0 {
		bad("mode %s: no rates", m.Mode)
	}
	for _, r := range m.Rates {
		if len(r.Spans) == 0 {
			bad("mode %s: a limit without intervals: %q", m.Mode, r.Limit)
		}
		for _, s := range r.Spans {
			if s.First.Sign() <= 0 || s.Last.Cmp(s.First.Rational) < 0 || s.Step.Sign() < 0 {
				bad("mode %s: intervals from %v to %v by %v", m.Mode, s.First, s.Last, s.Step)
			}
		}
	}
}

func checkOptionSchemas(k *kit) {
	_, d := k.start()
	checkSchema(k, "device", d.DeviceOptions)
	checkSchema(k, "channel", d.ChannelOptions)
}

var optionName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func checkSchema(k *kit, where string, s driver.OptionSchema) {
	k.Helper()
	seen := map[string]bool{}
	name := func(n, doc string) {
		k.Helper()
		if !optionName.MatchString(n) || seen[n] {
			k.Errorf("%s options: the name %q is not of the form [a-z][a-z0-9_]*, or comes twice", where, n)
		}
		if doc == "" {
			k.Errorf("%s options: %s has no line for people", where, n)
		}
		seen[n] = true
	}
	for _, a := range s.Attributes {
		name(a.Name, a.Doc)
		if a.Kind < driver.OptionString || a.Kind > driver.OptionStrings {
			k.Errorf("%s options: %s is of no kind", where, a.Name)
		}
		if a.Min != nil && a.Max != nil && a.Min.Cmp(*a.Max) > 0 {
			k.Errorf("%s options: %s is bounded by %v and %v", where, a.Name, a.Min, a.Max)
		}
		if a.Required && a.Default != "" {
			k.Errorf("%s options: %s is required and has a default", where, a.Name)
		}
	}
	for _, b := range s.Blocks {
		name(b.Name, b.Doc)
		checkSchema(k, where+"."+b.Name, b.Body)
	}
}
