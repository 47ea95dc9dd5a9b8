package plan

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// Plan is a capture plan as parsed. [Parse] and [Load] return one that is never nil; after errors only
// [Plan.Files] and [Plan.Source] mean anything. It is not changed after that, so any goroutine may read it.
type Plan struct {
	Run       Run
	Devices   []*Device // in the order of the text; the devices of one for_each in the order of their keys
	Events    []Event
	Variables []Variable // sorted by name

	filename string
	source   []byte
	files    map[string]*hcl.File
	places   places
	secrets  secretTexts
	tree     *node
}

// Variable is one variable block with the value it has in this run.
type Variable struct {
	Name      string
	Value     string // as text: strings as they are, everything else in HCL's syntax; empty when Sensitive
	Sensitive bool   // marked so, or its value came out of env() or file()
	Given     bool   // by --var or --var-file; false: the default
}

// Run is the run block: what holds for all devices.
type Run struct {
	Name   string // of the run, the block's label
	Output string // folder for the run's directory, as written; relative to the working directory

	Duration time.Duration // 0: none. At most one of Duration, Samples and Until is set
	Samples  int64         // recorded samples per device; 0: none
	Until    time.Time     // zero: none

	Rotate    Rotate
	Sync      time.Duration // 1s
	MaxMemory Memory        // for all rings together; 25 %
	Hold      time.Duration // wish for the rings' room; 4s
	Adopt     time.Duration // how long plugins live on without their core; 3s, 0: off
	SHA512    bool
	Keep      Keep
	Notes     string
	Tags      []string
	Disk      Disk
	Schedule  *Schedule // nil: at once
	Plugins   Plugins
}

// Endless tells whether nothing in the plan ends the run.
func (r Run) Endless() bool { return r.Duration == 0 && r.Samples == 0 && r.Until.IsZero() }

// Rotate is the wish how long a segment is. At most one field is set; none: one file per stream.
type Rotate struct {
	Every  time.Duration
	Size   units.Bytes // of the device's largest file
	Hourly bool        // at the full hours of UTC
}

// IsZero tells whether nothing is rotated.
func (r Rotate) IsZero() bool { return r == Rotate{} }

// Memory is a limit in bytes or, where Bytes is 0, in percent of the machine's memory.
type Memory struct {
	Bytes   units.Bytes
	Percent int
}

// Keep says what of the samples is kept.
type Keep string

// The values of keep.
const (
	KeepAll    Keep = "all"
	KeepEvents Keep = "events" // only what lies around events
)

// WhenLow says what happens when the disk is nearly full.
type WhenLow string

// The values of when_low.
const (
	WhenLowStop       WhenLow = "stop"
	WhenLowDropOldest WhenLow = "drop_oldest" // remove the oldest segments
)

// Disk is the disk block.
type Disk struct {
	KeepFree units.Bytes   // 1GiB
	WhenLow  WhenLow       // stop
	RetryFor time.Duration // how long writing is tried again after an error; 10m
}

// Schedule is the schedule block.
type Schedule struct {
	Start    time.Time     // first start; zero: at once or at StartClock
	Clock    time.Duration // start at this time of day, since midnight in Location; -1: none
	Every    time.Duration // from one start to the next; 0: once
	For      time.Duration // length of each recording; 0: the run's own end
	Windows  []Window      // recording is allowed only then; empty: always
	Location *time.Location
}

// Window is a weekly stretch of time, From to To since midnight; To is below From when it goes past midnight.
type Window struct {
	Days     [7]bool // by time.Weekday
	From, To time.Duration
}

// Sandbox says whether plugins are confined.
type Sandbox string

// The values of sandbox.
const (
	SandboxAuto Sandbox = "auto" // on for simulated and emulated units, off for vendor libraries
	SandboxOn   Sandbox = "on"
	SandboxOff  Sandbox = "off"
)

// Plugins is the plugins block.
type Plugins struct {
	Lock    string // path of the checksum file, ready to be opened; empty: none
	Sandbox Sandbox
}

// Device is one device block, or one of those that a for_each makes.
type Device struct {
	Name    string // of the device in the run: the label, or label-key
	Label   string // of the block
	Key     string // of for_each; empty without
	Driver  string
	Model   string // empty: any
	Serial  string // empty: the first unit found
	Library string // of the vendor: an absolute path or, without a slash, a name to search; empty: search

	Optional     bool
	Resolution   int // bits; 0: the unit's default
	Power        driver.PowerSource
	SampleFormat string        // empty: int16
	HangAfter    time.Duration // overrides the budgets of all phases; 0: no
	Restart      Restart

	Channels []Channel // all of them, also those that are not enabled
	Digital  []Digital

	// Exactly one of these is set. Their times and counts are as asked.
	Stream     *driver.StreamConfig
	Block      *driver.BlockConfig
	RapidBlock *driver.RapidBlockConfig

	Trigger   *driver.TriggerConfig // nil: none. Voltages are at the tip; [Device.Config] gives them at the input
	Generator *Generator            // nil: none
	Options   driver.Options        // the driver's own block

	// Checked says against what the device was checked; Fits lists the models that can do it, when a family
	// was looked at.
	Checked Checked
	Fits    []string

	// Timebases says what the device's timebase number stands for, as far as drivers tell it before a unit is opened: more
	// than one entry where models that can do it differ. Empty without a timebase.
	Timebases []TimebaseInterval

	text string // canonical path prefix, "device.NAME"
}

// Checked says against what a device was checked.
type Checked uint8

// What a device can have been checked against.
const (
	CheckedLanguage Checked = iota // the rules of the language only: the driver did not describe itself
	CheckedFamily                  // at least one model of the driver can do it: [Device.Fits]
	CheckedModel                   // the model that the plan names
)

// Mode tells which of the three ways of acquisition is set.
func (d *Device) Mode() driver.Mode {
	switch {
	case d.Block != nil:
		return driver.ModeBlock
	case d.RapidBlock != nil:
		return driver.ModeRapidBlock
	}
	return driver.ModeStream
}

// Channel returns the named analog channel.
func (d *Device) Channel(name string) (Channel, bool) {
	for _, c := range d.Channels {
		if c.Name == name {
			return c, true
		}
	}
	return Channel{}, false
}

// Restart is the restart block: what happens after a failure.
type Restart struct {
	BackoffMax  time.Duration // longest pause between two attempts; 30s
	GiveUpAfter time.Duration // of failing without a break; 0: never
}

// Channel is one channel block. Volts are at the tip of the probe.
type Channel struct {
	Name      string
	Enabled   bool
	Range     units.Voltage // full scale: from -Range to +Range
	Coupling  driver.Coupling
	Offset    units.Voltage
	Bandwidth units.Frequency // 0: full
	Probe     units.Rational  // volts at the tip per volt at the input; 1

	// Value in Unit = volts at the tip x Scale + ScaleOffset.
	Label       string
	Unit        string         // "V"
	Scale       units.Rational // 1
	ScaleOffset units.Rational // 0
	Equation    string         // HCL over v, the volts at the tip; empty: none

	Options driver.Options // the driver's own block in the channel
}

// Input returns a voltage at the input for one at the tip, rounded to nanovolts.
func (c Channel) Input(tip units.Voltage) units.Voltage { return scaleVoltage(tip, c.Probe, true) }

// Tip returns a voltage at the tip for one at the input, rounded to nanovolts.
func (c Channel) Tip(input units.Voltage) units.Voltage { return scaleVoltage(input, c.Probe, false) }

// Digital is one digital block.
type Digital struct {
	Port       string
	Thresholds []units.Voltage // one for all pins, or one per pin; empty: the unit's default
	Hysteresis string
	Labels     map[string]string // by pin
}

// Generator is the signal_generator block.
type Generator struct {
	driver.GeneratorConfig
	Enabled bool // false: it is off until a change turns it on
	Changes []GeneratorChange
}

// GeneratorChange is what the generator does from a time on.
type GeneratorChange struct {
	At      time.Duration // since the device's start
	Config  driver.GeneratorConfig
	Enabled bool
}

// Event is one event block: something to look for in what is recorded.
type Event struct {
	Name       string
	Device     string
	Channel    string // empty with EventTrigger
	Kind       EventKind
	Direction  driver.Direction
	Level      units.Voltage // EventLevel, at the tip
	Hysteresis units.Voltage
	Lower      units.Voltage // EventWindow
	Upper      units.Voltage
	Slope      units.Rational // EventSlope, volts per second at the tip
	Over       driver.Span    // EventSlope: distance of the two samples that are compared; zero: neighbours
	Start      []string       // devices that the event starts
	Before     time.Duration  // kept around it with keep = "events"
	After      time.Duration
}

// EventKind is what an event looks for.
type EventKind string

// The kinds of events.
const (
	EventLevel   EventKind = "level"
	EventWindow  EventKind = "window"
	EventSlope   EventKind = "slope"
	EventTrigger EventKind = "trigger" // of the device
)
