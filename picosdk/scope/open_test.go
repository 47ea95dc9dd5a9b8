package scope

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, err := b.driver().Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "fake" || d.Version != "1.2.3" || len(d.Models) != 2 || d.Models[1].Model != "5242D" || !d.NeedsLibrary {
		t.Errorf("got %+v", d)
	}
	want := []driver.Ability{driver.AbilityGenerator, driver.AbilityPower, driver.AbilityIdentify, driver.AbilityPing, driver.AbilitySoftwareTrigger, driver.AbilityArm}
	if !slices.Equal(d.Abilities, want) {
		t.Errorf("abilities %v, want %v", d.Abilities, want)
	}
	if len(b.loaded) > 0 {
		t.Error("a library was loaded")
	}
}

func TestAbilitiesOfOneUnit(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5242D")
	info := b.open(b.driver(), driver.OpenRequest{}).Info()
	want := []driver.Ability{driver.AbilityGenerator, driver.AbilityIdentify, driver.AbilityPing, driver.AbilitySoftwareTrigger, driver.AbilityArm}
	if !slices.Equal(info.Abilities, want) {
		t.Errorf("abilities %v, want %v: this model has one power source", info.Abilities, want)
	}
}

func TestDiscover(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO", "PicoScope 5242D", "5999Z")
	d := b.driver()
	b.open(d, driver.OpenRequest{Serial: "AB1/1"})
	list, err := d.Discover(t.Context(), driver.DiscoverRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range list {
		got = append(got, strings.TrimSpace(u.Serial+" "+u.Model+" "+map[bool]string{true: "in use"}[u.InUse]))
	}
	if want := []string{"AB1/1 5444DMSO in use", "AB2/1 5242D", "AB3/1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	b.answer("EnumerateUnits", picosdk.StatusNotFound)
	if list, err := d.Discover(t.Context(), driver.DiscoverRequest{}); err != nil || len(list) != 1 {
		t.Errorf("without free units: %v, %v", list, err)
	}
}

// TestCallsWhileStreaming: a library takes one call at a time, and those that take long would cost samples.
func TestCallsWhileStreaming(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := inner(r.dev).driver
	r.start(t)
	r.b.taken()
	_, err := d.Discover(t.Context(), driver.DiscoverRequest{})
	wantError(t, err, driver.KindTransient, "", "")
	_, err = d.Open(t.Context(), driver.OpenRequest{})
	wantError(t, err, driver.KindTransient, "", "")
	wantCalls(t, r.b.taken())
	if err := r.dev.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list, err := d.Discover(t.Context(), driver.DiscoverRequest{}); err != nil || len(list) != 1 || !list[0].InUse {
		t.Errorf("after the stop: %v, %v", list, err)
	}
}

// TestConnection: the speed of a unit that does not tell it is the system's word.
func TestConnection(t *testing.T) {
	t.Parallel()
	unit := picosdk.USBDevice{Serial: "AB1/1", Speed: picosdk.USB2}
	for _, c := range []struct {
		name string
		mute bool
		usb  []picosdk.USBDevice
		want string
	}{
		{"its own word", false, []picosdk.USBDevice{unit}, "3.0"},
		{"by its serial", true, []picosdk.USBDevice{{Serial: "AB2/2", Speed: picosdk.USB3}, unit}, "2.0"},
		{"the only one", true, []picosdk.USBDevice{{Speed: picosdk.USB3}}, "3.0"},
		{"one of two", true, []picosdk.USBDevice{{Speed: picosdk.USB3}, {Speed: picosdk.USB3}}, ""},
		{"of unknown speed", true, []picosdk.USBDevice{{}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO")
			b.units[0].mute = c.mute
			d := b.driver(func(_ *Family, o *Options) {
				o.USB = func() ([]picosdk.USBDevice, error) { return c.usb, nil }
			})
			if got := b.open(d, driver.OpenRequest{}).Info().USB; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestOpenBehindAnother: what an open that was given up has opened in the end is closed, before the next one begins.
func TestOpenBehindAnother(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO", "5242D")
	d := b.driver()
	b.opening, b.polls = "AB2/1", 1 // under way, and nobody waits for it any more
	b.answer("OpenUnitAsync", picosdk.StatusOpenInProgress)
	b.open(d, driver.OpenRequest{Serial: "AB1/1"})
	calls := b.taken()
	if closed, again := slices.Index(calls, "Close AB2/1"), slices.Index(calls, "OpenUnitAsync AB1/1 8"); closed < 0 || again < 0 {
		t.Errorf("calls %q", calls)
	}
	if b.units[1].open {
		t.Error("the other unit stays open")
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	dev := b.open(b.driver(), driver.OpenRequest{Power: driver.PowerAuto})
	info := dev.Info()
	if info.Model != "5444DMSO" || info.Serial != "AB1/1" || info.LibraryVersion != "2.1.128.4924" || info.Power != driver.PowerStateSupply ||
		info.Firmware != "1.9, 1.10" || info.USB != "3.0" || info.LibraryPath != "/lib/fake.so" {
		t.Errorf("got %+v", info)
	}
	caps, err := dev.Capabilities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a, bb := caps.Channels[0], caps.Channels[1]
	if len(a.Ranges) != 4 || !slices.Equal(bb.Ranges, []units.Voltage{units.Volt, 5 * units.Volt}) {
		t.Errorf("ranges %v and %v: what the unit tells wins, else the table", a.Ranges, bb.Ranges)
	}
	if len(a.Offsets) != 2 || a.Offsets[1].Range != 20*units.Volt || a.Offsets[1].Max != 3*units.Volt {
		t.Errorf("offsets %+v", a.Offsets)
	}
}

func TestOpenRefused(t *testing.T) {
	t.Parallel()
	noUSB := func(_ *Family, o *Options) {
		o.USB = func() ([]picosdk.USBDevice, error) {
			return []picosdk.USBDevice{{Node: "/dev/bus/usb/001/007", Access: errors.New("permission denied")}}, nil
		}
	}
	for _, c := range []struct {
		name   string
		set    func(b *bench)
		change func(*Family, *Options)
		req    driver.OpenRequest
		kind   driver.Kind
		field  string
		near   string
		text   []string
		closes int
	}{
		{name: "no unit", kind: driver.KindNotFound, set: func(b *bench) { b.units[0].away = true }, text: []string{"no free unit of fake", "No unit of the maker is on USB"}},
		{name: "unknown serial", req: driver.OpenRequest{Serial: "X9"}, kind: driver.KindNotFound, text: []string{"X9", "in use elsewhere"}},
		{name: "no permission", change: noUSB, req: driver.OpenRequest{Serial: "X9"}, kind: driver.KindNotFound, text: []string{"/dev/bus/usb/001/007", "udev"}},
		{name: "in use elsewhere", set: func(b *bench) { b.units[0].taken = true }, req: driver.OpenRequest{Serial: "AB1/1"}, kind: driver.KindBusy, text: []string{"in use elsewhere"}},
		{name: "status", set: func(b *bench) { b.answer("OpenUnitProgress", picosdk.StatusPermissions) }, kind: picosdk.StatusPermissions.Kind(), text: []string{"udev"}},
		{name: "no handle and firmware", set: func(b *bench) { b.answer("OpenUnitAsync", 4) }, kind: driver.KindPermanent, text: []string{"firmware"}},
		{name: "unknown model", req: driver.OpenRequest{Model: "5242X"}, kind: driver.KindUnsupported, field: "model", near: `"5242D"`},
		{name: "other model", req: driver.OpenRequest{Serial: "AB1/1", Model: "5242D"}, kind: driver.KindNotFound, field: "model", text: []string{"is a 5444DMSO and not a 5242D"}, closes: 1},
		{name: "no unit of the model", req: driver.OpenRequest{Model: "5242d"}, kind: driver.KindNotFound, field: "model"},
		{name: "old library", set: func(b *bench) { b.version = "2.0.99.1" }, kind: driver.KindNoLibrary, text: []string{"2.0.99.1", "2.1.0.0 or newer"}},
		{name: "emulated by chance", set: func(b *bench) { b.emulated = true }, kind: driver.KindNoLibrary, text: []string{`library = "emulated"`}},
		{
			name: "wants the supply", set: func(b *bench) { b.answer("OpenUnitProgress", picosdk.StatusPowerSupplyNotConnected) },
			req: driver.OpenRequest{Power: driver.PowerSupply}, kind: driver.KindUnsupported, field: "power", near: `"usb"`, closes: 1,
		},
		{
			name: "no end of the handshake", kind: driver.KindTransient, closes: 1, set: func(b *bench) {
				b.answer("OpenUnitProgress", picosdk.StatusPowerSupplyNotConnected)
				for range 4 {
					b.answer("ChangePowerSource", picosdk.StatusUSB3DeviceNonUSB3Port)
				}
			},
		},
		{
			name: "too little power", kind: driver.KindTransient, closes: 1, text: []string{"voltage too low", "Plug in the power supply"},
			set: func(b *bench) {
				b.answer("OpenUnitProgress", picosdk.StatusPowerUndervoltage)
				for range 4 {
					b.answer("ChangePowerSource", picosdk.StatusPowerUndervoltage)
				}
			},
		},
		{name: "tells nothing", set: func(b *bench) { b.answer("UnitInfo", picosdk.StatusNotResponding) }, kind: driver.KindDeviceGone, closes: 1},
		{
			name: "options", kind: driver.KindUnsupported, field: "fake.x",
			req: driver.OpenRequest{Options: driver.Options{Values: []driver.OptionValue{{Name: "x"}}}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO")
			if c.set != nil {
				c.set(b)
			}
			if c.change == nil {
				c.change = func(*Family, *Options) {}
			}
			_, err := b.driver(c.change).Open(t.Context(), c.req)
			e := wantError(t, err, c.kind, c.field, c.near)
			for _, text := range c.text {
				if !strings.Contains(e.Message+" "+e.Advice, text) {
					t.Errorf("%q and %q do not say %q", e.Message, e.Advice, text)
				}
			}
			closes := 0
			for _, call := range b.taken() {
				if strings.HasPrefix(call, "Close") {
					closes++
				}
			}
			if closes != c.closes {
				t.Errorf("%d units were closed, want %d", closes, c.closes)
			}
		})
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	b.answer("OpenUnitProgress", picosdk.StatusPowerSupplyNotConnected)
	b.answer("ChangePowerSource", picosdk.StatusUSB3DeviceNonUSB3Port)
	b.units[0].power = picosdk.StatusPowerSupplyNotConnected
	d := b.driver()
	dev, err := d.Open(t.Context(), driver.OpenRequest{})
	if err != nil {
		t.Fatal(err)
	}
	defer dev.Close(t.Context())
	var changes []string
	for _, call := range b.taken() {
		if strings.HasPrefix(call, "Change") {
			changes = append(changes, call)
		}
	}
	wantCalls(t, changes, "ChangePowerSource 0x0000011A", "ChangePowerSource 0x0000011E")
	if dev.Info().Power != driver.PowerStateUSB {
		t.Errorf("power %q", dev.Info().Power)
	}
}

func TestUSBPowerHasFewerChannels(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	b.units[0].power = picosdk.StatusPowerSupplyNotConnected
	dev := b.open(b.driver(), driver.OpenRequest{})
	caps, _ := dev.Capabilities(t.Context())
	if len(caps.Channels) != 2 {
		t.Errorf("%d channels on USB power, want 2", len(caps.Channels))
	}
	p := dev.(driver.PowerController)
	if s, err := p.SetPower(t.Context(), driver.PowerSupply); err != nil || s != driver.PowerStateSupply {
		t.Errorf("set power: %v, %v", s, err)
	}
	if caps, _ = dev.Capabilities(t.Context()); len(caps.Channels) != 4 {
		t.Errorf("%d channels with the supply, want 4", len(caps.Channels))
	}
}

func TestOpenByModel(t *testing.T) {
	t.Parallel()
	for name, plain := range map[string]bool{"with variants": false, "without variants": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO", "5242D")
			b.plainIDs = plain
			dev := b.open(b.driver(), driver.OpenRequest{Model: "5242 d"})
			if dev.Info().Serial != "AB2/1" {
				t.Errorf("opened %+v", dev.Info())
			}
			if b.units[0].open {
				t.Error("the unit of another model stays open")
			}
		})
	}
}

// TestUnknownModel: a unit newer than the table works like the one that is most like it.
func TestUnknownModel(t *testing.T) {
	t.Parallel()
	for variant, like := range map[string]int{"5299Q": 2, "5499EMSO": 4, "odd": 4} {
		t.Run(variant, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, variant)
			dev := b.open(b.driver(), driver.OpenRequest{})
			caps, err := dev.Capabilities(t.Context())
			if err != nil || caps.Model != variant || dev.Info().Model != variant {
				t.Errorf("%q, %v", caps.Model, err)
			}
			if len(caps.Channels) != like {
				t.Errorf("%d channels, want %d", len(caps.Channels), like)
			}
		})
	}
}

func TestOpenTwice(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	d := b.driver()
	dev := b.open(d, driver.OpenRequest{})
	_, err := d.Open(t.Context(), driver.OpenRequest{Serial: "AB1/1"})
	wantError(t, err, driver.KindBusy, "", "")
	if err := dev.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b.started != 1 {
		t.Errorf("%d opens, want 1", b.started)
	}
	b.open(d, driver.OpenRequest{Serial: "AB1/1"})
}

// TestOpenGivenUp: an open cannot be ended, so the unit is closed when it has been opened after all.
func TestOpenGivenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	b.hang = make(chan struct{})
	d := b.driver()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := d.Open(ctx, driver.OpenRequest{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	close(b.hang)
	b.open(d, driver.OpenRequest{Serial: "AB1/1"})
	if calls := b.taken(); !slices.Contains(calls, "Close AB1/1") {
		t.Errorf("not closed: %q", calls)
	}
}

func TestChooseLibrary(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, plan, setting string
		want                LoadRequest
		asked               bool
	}{
		{"search", "", "", LoadRequest{}, false},
		{"emulated by the plan", "emulated", "", LoadRequest{Path: "/emu/libfake.so.2"}, true},
		{"emulated by a setting", "", "emulated", LoadRequest{Path: "/emu/libfake.so.2"}, true},
		{"the plan wins", "/opt/x.so", "emulated", LoadRequest{Path: "/opt/x.so"}, true},
		{"a name", "libfake.so.3", "", LoadRequest{Name: "libfake.so.3"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newBench(t).driver(func(_ *Family, o *Options) { o.Library, o.EmulatorDir = c.setting, "/emu" })
			got, asked, err := d.choose(c.plan)
			if err != nil || got != c.want || asked != c.asked {
				t.Errorf("got %+v, %v, %v", got, asked, err)
			}
		})
	}
}

func TestNoLibrary(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.driver(func(f *Family, _ *Options) {
		f.Load = func(LoadRequest) (Library, error) { return nil, errors.New("tried /a and /b") }
		f.InstallHint = func() string { return "apt install libfake" }
	})
	_, err := d.Discover(t.Context(), driver.DiscoverRequest{})
	if e := wantError(t, err, driver.KindNoLibrary, "", ""); !strings.Contains(e.Message, "tried /a and /b") || e.Advice != "apt install libfake" || e.Op != "discover" {
		t.Errorf("got %+v", e)
	}
	_, err = d.Discover(t.Context(), driver.DiscoverRequest{Library: "emulatd"})
	if e := wantError(t, err, driver.KindNoLibrary, "", ""); !strings.Contains(e.Advice, `Did you mean "emulated"?`) || strings.Contains(e.Advice, "apt") {
		t.Errorf("got %+v", e)
	}
	_, err = d.Discover(t.Context(), driver.DiscoverRequest{Library: "/opt/wrong.so"})
	if e := wantError(t, err, driver.KindNoLibrary, "", ""); !strings.Contains(e.Advice, "Correct the path") {
		t.Errorf("got %+v", e)
	}
}
