package plan

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// FlagsSpec is a recording as the flags of the run command describe it, each value as the user wrote it. What the
// values mean is checked when the plan that [FromFlags] makes is parsed.
type FlagsSpec struct {
	Name    string // of the run; empty: "run"
	Out     string // folder of recordings; empty: "recordings"
	For     string // duration; empty: until stopped
	Devices []DeviceFlags
	Set     []string // further attributes of the run block: "sync=2s", "disk.keep_free=5GiB"
}

// DeviceFlags is one device.
type DeviceFlags struct {
	Device     string   // [NAME=]DRIVER[:SERIAL]
	Channels   []string // NAME:RANGE[:COUPLING][:xPROBE], or PORT[:THRESHOLD] for a digital port such as D0-7
	Rate       string   // "1MS/s", or an interval such as "1us"
	Downsample string   // MODE:RATIO[:raw]; empty: none
	Set        []string // further attributes of the device: "resolution=14bit", "channel.A.label=cell"
}

var portName = regexp.MustCompile(`^D\d+-\d+$`)

// FromFlags writes the text of a plan that means what the flags say. The error names the flag and its form.
func FromFlags(f FlagsSpec) ([]byte, error) {
	if len(f.Devices) == 0 {
		return nil, errors.New("there is no device: write --device DRIVER --channel A:5V --rate 1MS/s, or give a plan")
	}
	file := hclwrite.NewEmptyFile()
	run := file.Body().AppendNewBlock("run", []string{orElse(f.Name, "run")}).Body()
	setText(run, "output", orElse(f.Out, "recordings"))
	if f.For != "" {
		setText(run, "duration", f.For)
	}
	for _, s := range f.Set {
		if err := setPath(run, s); err != nil {
			return nil, err
		}
	}
	taken := map[string]int{}
	for _, d := range f.Devices {
		file.Body().AppendNewline()
		if err := writeDevice(file.Body(), d, taken); err != nil {
			return nil, err
		}
	}
	return hclwrite.Format(file.Bytes()), nil
}

func orElse(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

func setText(b *hclwrite.Body, name, value string) { b.SetAttributeValue(name, cty.StringVal(value)) }

// writeDevice adds one device block.
func writeDevice(to *hclwrite.Body, d DeviceFlags, taken map[string]int) error {
	spec := d.Device
	name, rest, named := strings.Cut(spec, "=")
	if !named {
		rest = spec
	}
	driver, serial, _ := strings.Cut(rest, ":")
	if driver == "" || named && name == "" {
		return fmt.Errorf("--device %q: write [NAME=]DRIVER[:SERIAL]", spec)
	}
	if !named {
		name = driver
		if taken[driver]++; taken[driver] > 1 {
			name = fmt.Sprintf("%s-%d", driver, taken[driver])
		}
	}
	b := to.AppendNewBlock("device", []string{name}).Body()
	setText(b, "driver", driver)
	if serial != "" {
		setText(b, "serial", serial)
	}
	if len(d.Channels) == 0 {
		return fmt.Errorf("--device %q has no channel: write --channel A:5V behind it", spec)
	}
	for _, c := range d.Channels {
		if err := writeChannel(b, c); err != nil {
			return err
		}
	}
	if d.Rate == "" {
		return fmt.Errorf("--device %q has no sample rate: write --rate 1MS/s", spec)
	}
	stream := b.AppendNewBlock("stream", nil).Body()
	attr := "sample_rate"
	if !strings.Contains(d.Rate, "/s") && !strings.HasSuffix(d.Rate, "Hz") {
		attr = "sample_interval"
	}
	setText(stream, attr, d.Rate)
	if d.Downsample != "" {
		mode, ratio, ok := strings.Cut(d.Downsample, ":")
		ratio, raw := strings.CutSuffix(ratio, ":raw")
		if !ok || !digits.MatchString(ratio) {
			return fmt.Errorf("--downsample %q: write MODE:RATIO or MODE:RATIO:raw, such as aggregate:100:raw", d.Downsample)
		}
		down := stream.AppendNewBlock("downsample", nil).Body()
		setText(down, "mode", mode)
		setPlain(down, "ratio", ratio)
		if raw {
			setPlain(down, "keep_raw", "true")
		}
	}
	for _, s := range d.Set {
		if err := setPath(b, s); err != nil {
			return err
		}
	}
	return nil
}

var digits = regexp.MustCompile(`^\d{1,18}$`)

// writeChannel adds a channel or a digital port.
func writeChannel(b *hclwrite.Body, text string) error {
	parts := strings.Split(text, ":")
	if portName.MatchString(parts[0]) {
		if len(parts) > 2 {
			return fmt.Errorf("--channel %q: write PORT or PORT:THRESHOLD, such as D0-7:1.5V", text)
		}
		port := b.AppendNewBlock("digital", parts[:1]).Body()
		if len(parts) == 2 {
			setText(port, "threshold", parts[1])
		}
		return nil
	}
	if len(parts) < 2 || parts[0] == "" || parts[1] == "" {
		return fmt.Errorf("--channel %q: write NAME:RANGE[:COUPLING][:xPROBE], such as A:5V or B:200mV:ac", text)
	}
	ch := b.AppendNewBlock("channel", parts[:1]).Body()
	setText(ch, "range", parts[1])
	for _, p := range parts[2:] {
		switch {
		case strings.HasPrefix(p, "x"):
			setText(ch, "probe", p)
		default:
			setText(ch, "coupling", p)
		}
	}
	return nil
}

// labelled are the blocks whose label is the next part of a path.
var labelled = map[string]bool{"channel": true, "digital": true}

// setPath carries out PATH=VALUE, where PATH leads through blocks to an attribute.
func setPath(b *hclwrite.Body, text string) error {
	path, value, ok := strings.Cut(text, "=")
	parts := strings.Split(path, ".")
	bad := fmt.Errorf("--set %q: write PATH=VALUE, such as resolution=14bit or channel.A.label=cell", text)
	if !ok {
		return bad
	}
	for len(parts) > 1 {
		kind := parts[0]
		parts = parts[1:]
		var labels []string
		if labelled[kind] && len(parts) > 1 {
			labels, parts = parts[:1], parts[1:]
		}
		if !hclsyntax.ValidIdentifier(kind) {
			return bad
		}
		inner := b.FirstMatchingBlock(kind, labels)
		if inner == nil {
			inner = b.AppendNewBlock(kind, labels)
		}
		b = inner.Body()
	}
	if !hclsyntax.ValidIdentifier(parts[0]) {
		return bad
	}
	if !setPlain(b, parts[0], value) {
		setText(b, parts[0], value)
	}
	return nil
}

// plainValue is what --set takes for a number, a truth or a list and not for a text.
var plainValue = regexp.MustCompile(`^(true|false|-?\d{1,18}(\.\d{1,18})?|\[.*\]|\{.*\})$`)

// setPlain sets an attribute to a value in HCL's syntax; false when the text is not one.
func setPlain(b *hclwrite.Body, name, value string) bool {
	if !plainValue.MatchString(value) || checkLimits([]byte(value), "") != nil {
		return false
	}
	expr, diags := hclsyntax.ParseExpression([]byte(value), "", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	v, diags := expr.Value(nil)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return false
	}
	b.SetAttributeValue(name, v)
	return true
}

// FlagOf names the flag behind a place, an offset in bytes, in a plan that [FromFlags] has made, such as "--channel A", or `--for "1"` where the value is one
// text; empty: there is none.
func FlagOf(f *hcl.File, at int) string {
	body, ok := f.Body.(*hclsyntax.Body)
	var path []string
	var blocks []*hclsyntax.Block
	for ok {
		i := slices.IndexFunc(body.Blocks, func(b *hclsyntax.Block) bool { return within(b.Range(), at) })
		if i < 0 {
			break
		}
		b := body.Blocks[i]
		blocks, body = append(blocks, b), b.Body
		if len(blocks) > 1 {
			path = append(append(path, b.Type), b.Labels...)
		}
	}
	if len(blocks) == 0 {
		return ""
	}
	attr, value := "", ""
	for name, a := range body.Attributes {
		if within(a.SrcRange, at) {
			attr, value = name, string(a.Expr.Range().SliceBytes(f.Bytes))
		}
	}
	outer, last := blocks[0], blocks[len(blocks)-1]
	switch where := outer.Type + " " + last.Type + " " + attr; where {
	case "run run ":
		return "--name " + strings.Join(outer.Labels, "")
	case "run run output":
		return "--out " + value
	case "run run duration":
		return "--for " + value
	case "device device ", "device device driver", "device device serial":
		return "--device " + strings.Join(outer.Labels, "")
	case "device stream ", "device stream sample_rate", "device stream sample_interval":
		return strings.TrimSpace("--rate " + value)
	case "device downsample ", "device downsample mode", "device downsample ratio":
		return strings.TrimSpace("--downsample " + value)
	case "device channel ", "device channel range", "device channel coupling", "device channel probe", "device digital ", "device digital threshold":
		return "--channel " + strings.Join(last.Labels, "")
	}
	return strings.TrimSuffix("--set "+strings.Join(append(path, attr), "."), ".")
}

func within(r hcl.Range, at int) bool { return r.Start.Byte <= at && at < r.End.Byte }
