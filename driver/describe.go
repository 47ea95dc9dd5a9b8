package driver

import "time"

// Description tells who a driver is.
type Description struct {
	Name            string         // the driver's name in plans, [a-z][a-z0-9]*
	Version         string         // the plugin's product version
	Summary         string         // one line for people
	ContractMin     int            // lowest and highest contract version spoken
	ContractMax     int            //
	NeedsLibrary    bool           // a vendor library is needed to open units
	DeviceOptions   OptionSchema   // what stands in the driver's block in a device
	ChannelOptions  OptionSchema   // what stands in the driver's block in a channel
	Models          []Capabilities // every model, most usual first; empty Model: valid for any
	Budgets         Budgets
	MaxDevices      int       // units one plugin process may hold; 1 today
	OptionalSerials bool      // serials may be made up: units exist as soon as they are asked for (simulations)
	Abilities       []Ability // what at least one model can do
}

// Budgets are the longest times that a healthy unit takes in each phase. Zero means the host's default, given in
// brackets.
type Budgets struct {
	Open      time.Duration // (60 s)
	Configure time.Duration // (10 s)
	Stream    time.Duration // (2 s, and at least 4 delivery periods) longest time without Progress while streaming
	Fetch     time.Duration // (10 s) longest time without Progress while a block is fetched
	Close     time.Duration // (5 s)
}

// DiscoverRequest asks for attached units.
type DiscoverRequest struct {
	Library string  // path of the vendor library; empty: search
	Options Options // the driver's block of the device, for drivers whose units depend on it
}

// OpenRequest asks for one unit.
type OpenRequest struct {
	Name       string // name of the device in the plan, for log lines
	Serial     string // empty: the first free unit
	Model      string // empty: any
	Library    string // path of the vendor library; empty: search
	Resolution int    // bits, for libraries that need it to open; 0: the unit's default
	Power      PowerSource
	Options    Options // the driver's block of the device
}

// UnitInfo describes one unit.
type UnitInfo struct {
	Model          string
	Serial         string
	Variant        string // the vendor's own variant text, where it differs from Model
	Hardware       string // hardware version
	Firmware       string
	LibraryVersion string // of the vendor library
	LibraryPath    string
	USB            string // connection, such as "3.0"
	Calibrated     string // date of calibration
	Power          PowerState
	Emulated       bool // the unit is a simulation, or the vendor library an emulation
	InUse          bool // found but opened by another program (Discover only)
	Abilities      []Ability
}

// PowerSource is what a plan asks for.
type PowerSource string

// The power sources of plans.
const (
	PowerAuto   PowerSource = "auto"
	PowerUSB    PowerSource = "usb"
	PowerSupply PowerSource = "supply"
)

// PowerState is how a unit is powered.
type PowerState string

// The power states.
const (
	PowerStateUnknown PowerState = ""
	PowerStateUSB     PowerState = "usb"
	PowerStateSupply  PowerState = "supply"
)
