package scope

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

func (u *fakeUnit) StartGenerator() error { return u.b.call("StartGenerator") }

// GeneratorLimits tells nothing unless the script has an answer.
func (u *fakeUnit) GeneratorLimits() (GeneratorLimits, error) {
	u.b.mu.Lock()
	n := len(u.b.script["GeneratorLimits"])
	u.b.mu.Unlock()
	if n == 0 {
		return GeneratorLimits{}, nil
	}
	return GeneratorLimits{MinSamples: 2, MaxSamples: 12, MaxFrequency: 500_000, MaxOutput: units.Volt}, u.b.call("GeneratorLimits")
}

// TestGeneratorLimits: what the opened unit tells wins over the table.
func TestGeneratorLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer picosdk.Status
		want   func(*driver.GeneratorCapabilities)
	}{
		{"told", picosdk.StatusOK, func(g *driver.GeneratorCapabilities) {
			g.MinArbitrary, g.MaxArbitrary, g.MaxFrequency = 2, 12, units.Hertz(500_000, 1)
			g.MaxOutput, g.MaxOffset, g.MaxAmplitude = units.Volt, units.Volt, 2*units.Volt
		}},
		{"no arbitrary waves", picosdk.StatusNoArbitrary, func(g *driver.GeneratorCapabilities) {
			g.Arbitrary, g.MinArbitrary, g.MaxArbitrary, g.MaxArbitraryRate = false, 0, 0, units.Rate{}
		}},
		{"not told", picosdk.StatusBusy, func(*driver.GeneratorCapabilities) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO")
			b.answer("GeneratorLimits", c.answer)
			caps, err := b.open(b.driver(), driver.OpenRequest{}).Capabilities(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want := *fakeModel("5444DMSO", 4, 2).Capabilities(picosdk.State{}).Generator
			c.want(&want)
			if caps.Generator.MaxFrequency.Cmp(want.MaxFrequency.Rational) == 0 { // the same number may be written in two ways
				want.MaxFrequency = caps.Generator.MaxFrequency
			}
			if !reflect.DeepEqual(*caps.Generator, want) {
				t.Errorf("got %+v\nwant %+v", *caps.Generator, want)
			}
		})
	}
}

// TestSoftwareTrigger: it reaches the library only while the generator waits for it.
func TestSoftwareTrigger(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	dev := b.open(b.driver(), driver.OpenRequest{})
	control, trigger := dev.(driver.GeneratorController), dev.(driver.SoftwareTriggerer)
	fired := func() error {
		t.Helper()
		b.taken()
		err := trigger.SoftwareTrigger(t.Context())
		if calls := b.taken(); slices.Contains(calls, "StartGenerator") != (err == nil) {
			t.Errorf("%v, but the calls were %v", err, calls)
		}
		return err
	}
	if err := fired(); driver.KindOf(err) != driver.KindPermanent {
		t.Errorf("without a generator: %v", err)
	}
	g := sine()
	g.Trigger = &driver.GeneratorTrigger{Type: "rising", Source: "software"}
	if _, err := control.SetGenerator(t.Context(), &g); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := fired(); err != nil {
			t.Error(err)
		}
	}
	g.Trigger.Source = "scope"
	if _, err := control.SetGenerator(t.Context(), &g); err != nil {
		t.Fatal(err)
	}
	if err := fired(); err == nil {
		t.Error("a generator that waits for the scope was started")
	}
	g.Trigger.Source = "software"
	if _, err := control.SetGenerator(t.Context(), &g); err != nil {
		t.Fatal(err)
	}
	if _, err := control.SetGenerator(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := fired(); err == nil {
		t.Error("a generator that is off was started")
	}
}

// TestPutOutOnce: an output that ends by itself is repeated when a stream begins; others are not touched.
func TestPutOutOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*driver.GeneratorConfig)
		want   int
	}{
		{"without end", func(*driver.GeneratorConfig) {}, 1},
		{"shots", func(g *driver.GeneratorConfig) { g.Shots = 3 }, 2},
		{"shots of a trigger", func(g *driver.GeneratorConfig) {
			g.Shots, g.Trigger = 3, &driver.GeneratorTrigger{Type: "rising", Source: "external"}
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			g := sine()
			c.change(&g)
			cfg := easyConfig()
			cfg.Generator = &g
			r.b.taken()
			if _, err := r.dev.Configure(t.Context(), cfg); err != nil {
				t.Fatal(err)
			}
			r.start(t)
			n := 0
			for _, call := range r.b.taken() {
				if strings.HasPrefix(call, "Generate ") {
					n++
				}
			}
			if n != c.want {
				t.Errorf("set %d times, want %d", n, c.want)
			}
		})
	}
}
