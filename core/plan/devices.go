package plan

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// devices decodes all device blocks.
func (d *decoder) devices(body *hclsyntax.Body) {
	found := false
	for _, b := range body.Blocks {
		if b.Type != "device" {
			continue
		}
		found = true
		if len(b.Labels) == 1 {
			d.deviceBlock(b)
		}
	}
	if !found && !d.meant[placeOf(ptr(body.MissingItemRange()))]["device"] {
		d.p.add(errorAt(hcl.Range{Filename: d.plan.filename, Start: hcl.InitialPos, End: hcl.InitialPos}, "The plan has no device",
			"Write at least one device \"NAME\" { driver = ... }."))
	}
	d.sameDevice()
}

// deviceBlock makes the devices of one block: one, or one for each element of for_each.
func (d *decoder) deviceBlock(b *hclsyntax.Block) {
	label := b.Labels[0]
	if !d.checkName(label, "device", deviceName, deviceNameRule, b.LabelRanges[0]) {
		d.plan.places.mark(under("device", label))
	}
	attr := b.Body.Attributes["for_each"]
	if attr == nil {
		d.device(b, label, "", d.ctx)
		return
	}
	v, ok := d.eval(attr.Expr, d.ctx)
	if !ok {
		return
	}
	each, ok := d.elements(v, attr.Expr.Range())
	if !ok {
		return
	}
	for _, e := range each {
		if len(d.plan.Devices) >= maxDevices {
			break
		}
		name := label + "-" + e.key
		if !keyText.MatchString(e.key) || !deviceName.MatchString(name) || windowsName.MatchString(e.key) {
			d.p.add(errorAt(attr.Expr.Range(), fmt.Sprintf("%q cannot be part of a device's name", e.key),
				fmt.Sprintf("The device would be called %q. Keys of for_each are letters a-z, digits, _ and -, and name and key together have at most 32 of them.", name)))
			continue
		}
		ctx := d.ctx.NewChild()
		ctx.Variables = map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(e.key), "value": e.value})}
		d.device(b, name, e.key, ctx)
	}
}

// element is one element of a for_each.
type element struct {
	key   string
	value cty.Value
}

// secretNames says why a secret may not be in a device's name.
const secretNames = "The names of devices are stored with the recording, and this value may not be, since " + whySecret + ". Use a variable that is not sensitive."

// elements takes a for_each apart: a map or an object by its keys, a set or list of texts by its texts.
func (d *decoder) elements(v cty.Value, r hcl.Range) ([]element, bool) {
	fail := func(summary, detail string) ([]element, bool) {
		d.p.add(errorAt(r, summary, detail))
		return nil, false
	}
	if v.IsMarked() {
		return fail("A secret may not make devices", secretNames)
	}
	if v.IsNull() || !v.CanIterateElements() {
		return fail("for_each needs a list or a map", `Write for_each = ["a", "b"], or a map such as { a = "SERIAL1", b = "SERIAL2" }.`)
	}
	byKey := v.Type().IsMapType() || v.Type().IsObjectType()
	var out []element
	seen := map[string]bool{}
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		if !byKey {
			k = e
		}
		if k.IsMarked() {
			return fail("A secret may not name devices", secretNames)
		}
		if k.IsNull() || k.Type() != cty.String {
			return fail("for_each needs texts", `The elements of a list must be texts: for_each = ["a", "b"]. Or write a map: { a = ..., b = ... }.`)
		}
		if seen[k.AsString()] {
			return fail(fmt.Sprintf("%q stands twice in for_each", k.AsString()), "Each device needs its own key.")
		}
		seen[k.AsString()] = true
		out = append(out, element{k.AsString(), e})
	}
	slices.SortStableFunc(out, func(a, b element) int {
		if !byKey {
			return 0 // a list keeps its order
		}
		return strings.Compare(a.key, b.key)
	})
	return out, true
}

// device decodes one device.
func (d *decoder) device(hb *hclsyntax.Block, name, key string, ctx *hcl.EvalContext) {
	if len(d.plan.Devices) >= maxDevices {
		d.p.add(errorAt(hb.DefRange(), "Too many devices", fmt.Sprintf("A plan has at most %d devices.", maxDevices)))
		return
	}
	dev := &Device{Name: name, Label: hb.Labels[0], Key: key, text: under("device", name)}
	for _, other := range d.plan.Devices {
		if strings.EqualFold(other.Name, name) {
			first, _ := d.plan.places.find(under("device", other.Name, "name"))
			d.p.add(errorAt(hb.LabelRanges[0], fmt.Sprintf("Two devices are called %q", name),
				fmt.Sprintf("The other is at line %d. Give this one another name.", first.Start.Line)))
			return
		}
	}
	d.plan.Devices = append(d.plan.Devices, dev)
	d.plan.places.ranges[under(dev.text, "name")] = hb.LabelRanges[0]
	out := d.plan.tree.item("devices")
	out.set("name", name)

	s, desc := d.deviceSpecFor(hb, ctx)
	d.shape(hb.Body, s, "device")
	b := d.open(d.expand(hb.Body, ctx), hb.DefRange(), s, dev.text, ctx, out)
	b.deviceHead(dev)
	b.restart(dev)
	b.channels(dev, desc)
	b.digital(dev)
	b.somethingToRecord(dev)
	b.modes(dev)
	b.trigger(dev)
	b.generator(dev)
	if dev.Driver != "" {
		dev.Options = b.options(dev.Driver, desc.deviceOptions())
	}
	d.checkDevice(dev, desc)
}

// deviceHead reads the attributes of the device block itself.
func (b *block) deviceHead(dev *Device) {
	dev.Driver, _ = b.stored("driver")
	if b.has("driver") && !b.isBad("driver") && !driverText.MatchString(dev.Driver) {
		b.fail("driver", "driver is not the name of a driver", didYouMean(dev.Driver, b.d.o.Drivers, "installed drivers"))
	}
	dev.Model, _ = b.text("model")
	dev.Serial, _ = b.text("serial")
	dev.Library = b.library()
	dev.Optional = b.boolean("optional", false)
	dev.Resolution, _ = quantity(b, "resolution", "", units.ParseBits)
	dev.Power = choice(b, "power", driver.PowerAuto, driver.PowerUSB, driver.PowerSupply)
	dev.SampleFormat = choice(b, "sample_format", "int16", "int8")
	if dev.SampleFormat == "int16" {
		dev.SampleFormat = ""
	}
	if b.has("hang_after") {
		dev.HangAfter = b.duration("hang_after", "", 100*time.Millisecond, 24*time.Hour)
	}
}

// somethingToRecord reports a device without an enabled channel or a port.
func (b *block) somethingToRecord(dev *Device) {
	if len(dev.Digital) > 0 || b.broken || b.isBad("channel") || b.isBad("digital") || b.meant["channel"] || b.meant["digital"] ||
		slices.ContainsFunc(dev.Channels, func(c Channel) bool { return c.Enabled }) {
		return
	}
	b.d.plan.places.mark(under(b.path, "channel"))
	b.d.p.add(errorAt(b.def, fmt.Sprintf("The device %q has nothing to record", dev.Name),
		`Write at least one channel "A" { range = "5V" } that is enabled, or a digital port.`))
}

// library reads the path of a vendor library. A plugin has another working directory, so it gets an absolute one.
func (b *block) library() string {
	path, _ := b.text("library")
	if !strings.ContainsAny(path, `/\`) {
		return path
	}
	abs, err := filepath.Abs(b.d.beside(path))
	if err != nil {
		return path
	}
	return abs
}

func (b *block) restart(dev *Device) {
	dev.Restart.BackoffMax = 30 * time.Second
	k := b.oneOrEmpty("restart")
	dev.Restart.BackoffMax = k.duration("backoff_max", "30s", 0, 24*time.Hour)
	dev.Restart.GiveUpAfter, _ = quantity(k, "give_up_after", "never", func(text string) (time.Duration, error) {
		if text == "never" {
			return 0, nil
		}
		t, err := units.ParseDuration(text)
		if err == nil && t == 0 {
			err = &units.SyntaxError{Text: text, Want: "a time above 0", Accepted: `"1h" or "never"`}
		}
		return t, err
	})
}

// sameDevice reports two devices that ask for one unit.
func (d *decoder) sameDevice() {
	type unit struct{ driver, serial string }
	first := map[unit]*Device{}
	for _, dev := range d.plan.Devices {
		if dev.Serial == "" || dev.Driver == "" {
			continue
		}
		u := unit{dev.Driver, strings.ToUpper(strings.TrimSpace(dev.Serial))}
		other := first[u]
		if other == nil {
			first[u] = dev
			continue
		}
		path := under(dev.text, "serial")
		serial := fmt.Sprintf("%q", dev.Serial)
		if _, secret := d.plan.places.secret[path]; secret {
			serial = hidden
		}
		r, _ := d.plan.places.find(path)
		d.plan.places.mark(path)
		d.p.add(errorAt(r, fmt.Sprintf("The devices %q and %q are the same unit", other.Name, dev.Name),
			fmt.Sprintf("Both ask for the serial %s of the driver %s. A unit can be recorded once; write another serial, or put the channels into one device.", serial, dev.Driver)))
	}
}
