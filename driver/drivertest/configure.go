package drivertest

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

var configureRules = []rule{
	{"says what was applied", checkApplied},
	{"applies it twice alike", checkConfigureTwice},
	{"refuses an unknown range", checkUnknownRange},
	{"refuses an unknown channel", checkUnknownChannel},
	{"refuses a channel twice", checkChannelTwice},
	{"refuses an impossible interval", checkImpossibleInterval},
	{"refuses a mode that is not ready", checkNotReady},
	{"can be configured after a refusal", checkAfterRefusal},
}

func checkApplied(k *kit) {
	u := k.open()
	cfg := u.config()
	a := u.configure(cfg)
	if a.Mode != driver.ModeStream {
		k.Errorf("mode %q, asked for stream", a.Mode)
	}
	if a.Interval.Cmp(cfg.Stream.Interval.Rational) != 0 {
		k.Errorf("interval %v, asked for %v, which the capabilities allow", a.Interval, cfg.Stream.Interval)
	}
	if len(u.caps.Resolutions) > 0 && !slices.Contains(u.caps.Resolutions, a.Resolution) {
		k.Errorf("a resolution of %d bits is none of %v", a.Resolution, u.caps.Resolutions)
	}
	if len(a.Channels) != len(cfg.Channels) || len(a.Digital) != len(cfg.Digital) {
		k.Fatalf("%d channels and %d ports were applied, asked for %d and %d", len(a.Channels), len(a.Digital), len(cfg.Channels), len(cfg.Digital))
	}
	for i, c := range a.Channels {
		want := cfg.Channels[i]
		if c.Channel != want.Channel || c.Range != want.Range || c.Coupling != want.Coupling || c.Offset != want.Offset {
			k.Errorf("channel %d is %s %v %s offset %v, asked for %s %v %s offset %v", i, c.Channel, c.Range, c.Coupling, c.Offset,
				want.Channel, want.Range, want.Coupling, want.Offset)
		}
		checkScale(k, c)
	}
	checkStreams(k, cfg, a, []driver.StreamKind{driver.StreamRaw})
}

// checkScale wants codes that reach about the full scale.
func checkScale(k *kit, c driver.AppliedChannel) {
	k.Helper()
	if c.CodeMin >= c.CodeMax || c.VoltsPerCount.Sign() <= 0 {
		k.Errorf("channel %s: codes from %d to %d, %v V each", c.Channel, c.CodeMin, c.CodeMax, c.VoltsPerCount)
		return
	}
	top := new(big.Rat).Mul(c.VoltsPerCount.Big(), new(big.Rat).SetInt64(int64(c.CodeMax)))
	full := c.Range.Rational().Big()
	low, high := new(big.Rat).Mul(full, big.NewRat(9, 10)), new(big.Rat).Mul(full, big.NewRat(11, 10))
	if top.Cmp(low) < 0 || top.Cmp(high) > 0 {
		k.Errorf("channel %s: the highest code %d is %s V, but the range is %v", c.Channel, c.CodeMax, top.FloatString(6), c.Range)
	}
}

// checkStreams wants exactly the given kinds for every channel and port.
func checkStreams(k *kit, cfg driver.Config, a driver.Applied, kinds []driver.StreamKind) {
	k.Helper()
	var want, got []string
	add := func(name string) {
		for _, kind := range kinds {
			want = append(want, name+" "+string(kind))
		}
	}
	for _, c := range cfg.Channels {
		add(c.Channel)
	}
	for _, p := range cfg.Digital {
		add(p.Port)
	}
	for _, s := range a.Streams {
		got = append(got, s.Channel+" "+string(s.Kind))
		if s.Digital && s.Type != driver.SampleUint8 {
			k.Errorf("the digital port %s delivers %s, want %s", s.Channel, s.Type, driver.SampleUint8)
		}
		if s.Ratio == 1 && s.Computed != "" || s.Ratio > 1 && s.Computed != "device" && s.Computed != "host" {
			k.Errorf("stream %s %s of ratio %d is computed by %q", s.Channel, s.Kind, s.Ratio, s.Computed)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		k.Errorf("the streams are %s, want %s", strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

func checkConfigureTwice(k *kit) {
	u := k.open()
	cfg := u.config()
	first, second := u.configure(cfg), u.configure(cfg)
	if !slices.Equal(first.Streams, second.Streams) || first.Interval.Cmp(second.Interval.Rational) != 0 {
		k.Errorf("the same configuration gives %v and %v", first.Streams, second.Streams)
	}
}

// refused wants a request refused with the field that is at fault.
func (u *unit) refused(what string, cfg driver.Config, fields ...string) *driver.Error {
	u.k.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), u.k.wait(rpcLimit))
	defer cancel()
	_, err := u.dev.Configure(ctx, cfg)
	var e *driver.Error
	if !errors.As(err, &e) {
		u.k.Fatalf("%s was not refused: %v", what, err)
	}
	if e.Kind != driver.KindUnsupported {
		u.k.Errorf("%s: error of kind %q, want %q: %v", what, e.Kind, driver.KindUnsupported, err)
	}
	if !slices.Contains(fields, e.Field) {
		u.k.Errorf("%s: the error's field is %q, want %s: %v", what, e.Field, strings.Join(fields, " or "), err)
	}
	return e
}

// analog skips rules that need an analog channel.
func (u *unit) analog(cfg driver.Config) driver.ChannelConfig {
	u.k.Helper()
	if len(cfg.Channels) == 0 {
		u.k.Skipf("the unit has no analog channels")
	}
	return cfg.Channels[0]
}

func checkUnknownRange(k *kit) {
	u := k.open()
	cfg := u.config()
	ch := u.analog(cfg)
	caps, _ := u.caps.Channel(ch.Channel)
	cfg.Channels[0].Range = caps.Ranges[len(caps.Ranges)-1] + units.Nanovolt
	e := u.refused("a range above the largest", cfg, "channel."+ch.Channel+".range")
	if e.Nearest == "" {
		k.Errorf("the error does not say which range is nearest: %v", e)
	} else if v, err := units.ParseVoltage(strings.Trim(e.Nearest, `"`)); err != nil || v != caps.Ranges[len(caps.Ranges)-1] {
		k.Errorf("the nearest range is %v, the error says %q", caps.Ranges[len(caps.Ranges)-1], e.Nearest)
	}
}

func checkUnknownChannel(k *kit) {
	u := k.open()
	cfg := u.config()
	ch := u.analog(cfg)
	ch.Channel = "Z9"
	cfg.Channels = append(cfg.Channels, ch)
	u.refused("a channel that the unit has not", cfg, "channel.Z9")
}

func checkChannelTwice(k *kit) {
	u := k.open()
	cfg := u.config()
	ch := u.analog(cfg)
	cfg.Channels = append(cfg.Channels, ch)
	u.refused("a channel twice", cfg, "channel."+ch.Channel)
}

func checkImpossibleInterval(k *kit) {
	u := k.open()
	cfg := u.config()
	shortest := u.nearest(u.stream(), cfg, units.Seconds(1, 1e15))
	half, err := shortest.Div(units.Rat(2, 1))
	if err != nil {
		k.Fatalf("half of %v: %v", shortest, err)
	}
	cfg.Stream.Interval = units.Interval{Rational: half}
	e := u.refused("half the shortest interval", cfg, "stream.sample_interval", "stream.sample_rate")
	if e.Nearest == "" {
		k.Errorf("the error does not say which interval is nearest: %v", e)
	}
}

func checkNotReady(k *kit) {
	u := k.open()
	cfg := u.config()
	block := driver.BlockConfig{
		Pre: driver.Span{Samples: 10}, Post: driver.Span{Samples: 10}, Interval: cfg.Stream.Interval,
		Repeat: driver.Repeat{Count: 1}, Downsample: driver.Downsample{Mode: driver.DownsampleNone, Ratio: 1},
	}
	cfg.Stream = nil
	tried := false
	if m, _ := u.caps.Mode(driver.ModeBlock); !m.Ready {
		tried = true
		cfg.Block = &block
		u.refused("a block", cfg, "block")
		cfg.Block = nil
	}
	if m, _ := u.caps.Mode(driver.ModeRapidBlock); !m.Ready {
		tried = true
		cfg.RapidBlock = &driver.RapidBlockConfig{BlockConfig: block, Captures: 2}
		u.refused("a rapid block", cfg, "rapid_block")
	}
	if !tried {
		k.Skipf("every mode is ready")
	}
}

func checkAfterRefusal(k *kit) {
	u := k.open()
	cfg := u.config()
	bad := cfg
	bad.Channels = slices.Clone(cfg.Channels)
	if len(bad.Channels) == 0 {
		k.Skipf("the unit has no analog channels")
	}
	bad.Channels[0].Coupling = "none"
	u.refused("an unknown coupling", bad, "channel."+bad.Channels[0].Channel+".coupling")
	r := u.begin(u.configure(cfg), 0)
	r.samples(100)
	u.end(r)
}
