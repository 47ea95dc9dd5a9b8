package picosdk

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// Model says what one model can do, as far as it is known before a unit is opened: an entry of a family's table. What
// an opened unit says about itself wins. Everything in it is read only.
type Model struct {
	Name        string // the variant text that the unit reports, without blanks: "5444DMSO"
	Channels    int    // analog channels, A and on
	Ports       int    // digital ports of 8 pins
	Resolutions []Resolution
	Ranges      []Range    // ascending
	Couplings   []Coupling // the default first
	MaxRange50  Range      // largest range with the 50 ohm coupling, where that exists
	Bandwidth   units.Frequency
	Limiters    []units.Frequency    // bandwidth limits that can be switched on; full is always possible
	Offsets     []driver.OffsetLimit // ascending by range; empty: no analog offset

	Threshold     units.Voltage // highest threshold of digital ports, lowest is its negative
	PinThresholds bool          // one threshold per pin rather than per port
	Hysteresis    []string      // the words for digital ports; empty: no choice

	Intervals Intervals
	Trigger   Trigger
	Generator *Generator // nil: none
	USB       USB        // the fastest connection
	Power     Power
	// MaxSegments is the number of memory segments; 0: only the opened unit knows.
	MaxSegments int64
}

// Resolution is one resolution of a model. The first of a model is its default.
type Resolution struct {
	Bits        int
	MaxCode     int32        // code of full scale; the lowest is its negative
	MaxChannels int          // analog channels that can be on together
	OnePer      []ChannelSet // at most one channel of each set can be on; empty: any
	PortsCount  bool         // a port that is on takes the place of a channel
	PortsAlone  bool         // ports can be on without any channel
	Bandwidth   units.Frequency
	Fastest     []FastRate    // ascending by UpTo, descending by rate
	Timebase    Timebase      // numbers of block modes
	Memory      int64         // samples, shared by what is on
	Streaming   []StreamLimit // by connection, the fastest first
	StreamSlots bool          // streaming shares the total among 1, 2, 4 or 8 places: three that are on have no more than four
}

// FastRate is the highest sample rate of block modes with a number of channels and ports on.
type FastRate struct {
	UpTo   int          // channels and counting ports that are on
	Rate   int64        // samples per second and channel
	OnePer []ChannelSet // only with at most one channel of each set on; empty: any
}

// StreamLimit is the highest total rate of streaming over a connection, all channels and counting ports together.
type StreamLimit struct {
	USB   USB
	Total int64 // samples per second
}

// Intervals says in which form a library takes the interval of streaming.
type Intervals uint8

// The forms.
const (
	IntervalsWhole  Intervals = iota // a 32-bit number of a [TimeUnit]
	IntervalsDouble                  // a double and a [TimeUnit]
)

// Trigger is what a model can trigger on.
type Trigger struct {
	External      bool          // a connector EXT
	ExternalFull  units.Voltage // its full scale, code [LogicMax]
	Aux           bool          // a connector AUX
	MaxDelay      uint64        // samples
	MaxPulseWidth uint64        // samples
}

// Generator is a model's signal generator.
type Generator struct {
	MinFrequency units.Frequency
	MaxFrequency units.Frequency
	MaxAmplitude units.Voltage // peak to peak
	MaxOffset    units.Voltage // of either sign; amplitude and offset together go no further
	Arbitrary    bool
	Buffer       int   // samples of an arbitrary wave; 0: none, or only the opened unit knows
	Clock        int64 // rate of the converter in Hz; 0: not known
}

// Power is how a model gets its power.
type Power struct {
	Sources []driver.PowerSource
	// USBChannels is how many channels, from A on, exist on USB power alone; 0: all. Such a unit answers
	// [StatusPowerSupplyNotConnected] when it is opened without its supply.
	USBChannels int
	// PortNotice tells that a slower USB port is announced by [StatusUSB3DeviceNonUSB3Port] at open.
	PortNotice bool
}

// Resolution returns the entry of a resolution; 0 bits is the default.
func (m Model) Resolution(bits int) (Resolution, bool) {
	for _, r := range m.Resolutions {
		if r.Bits == bits || bits == 0 {
			return r, true
		}
	}
	return Resolution{}, false
}

// channelNames lists the first n analog channels.
func channelNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = ChannelName(i)
	}
	return names
}

// plainVariant is a variant without what people and libraries write differently.
func plainVariant(s string) string {
	s = strings.ToUpper(strings.TrimRight(s, "\x00"))
	s = strings.TrimPrefix(strings.TrimSpace(s), "PICOSCOPE")
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(s)
}

// FindModel returns the model of a table whose name is the variant that a unit reports. Case, blanks, dashes and a
// leading "PicoScope" do not count.
func FindModel(models []Model, variant string) (Model, bool) {
	want := plainVariant(variant)
	for _, m := range models {
		if plainVariant(m.Name) == want {
			return m, true
		}
	}
	return Model{}, false
}

// VariantShape reads from a variant that no table has how many analog channels the unit has and whether it has digital
// ports: the second digit is the number of channels. ok is false for any other text.
func VariantShape(variant string) (channels int, ports bool, ok bool) {
	v := plainVariant(variant)
	if len(v) < 4 || strings.Trim(v[:4], "0123456789") != "" || v[1] < '1' || v[1] > '8' {
		return 0, false, false
	}
	return int(v[1] - '0'), strings.Contains(v, "MSO"), true
}

// USB is the speed of a connection.
type USB uint8

// The speeds.
const (
	USBUnknown USB = iota
	USB1           // 12 Mbit/s or less
	USB2           // 480 Mbit/s
	USB3           // 5 Gbit/s or more
)

// ParseUSB reads the text of [InfoUSBVersion]: "2.0", "3.0". Anything else is unknown.
func ParseUSB(text string) USB {
	text = strings.TrimSpace(strings.TrimRight(text, "\x00"))
	switch major, _, _ := strings.Cut(text, "."); major {
	case "1":
		return USB1
	case "2":
		return USB2
	case "3", "4":
		return USB3
	}
	return USBUnknown
}

// String is "USB 2", for example.
func (u USB) String() string {
	if u == USBUnknown {
		return "USB"
	}
	return fmt.Sprintf("USB %d", uint8(u))
}

// State is what decides, beside the model, what a unit can do now. The zero value stands for the best state that the
// model can have.
type State struct {
	USB USB
	// Reduced tells that the unit said that its supply is missing and that this was acknowledged: only
	// [Power.USBChannels] channels exist.
	Reduced bool
}

// StateOf is the state of an opened unit: power is the status that it gives as its power source after the handshake
// ([StatusOK] where it has none), usb its connection. The status is believed, not the model's name.
func (m Model) StateOf(power Status, usb USB) State {
	s := State{USB: usb, Reduced: power == StatusPowerSupplyNotConnected}
	if power == StatusUSB3DeviceNonUSB3Port && usb == USBUnknown {
		s.USB = USB2
	}
	return s
}

// channels is how many analog channels exist in a state.
func (m Model) channels(s State) int {
	if s.Reduced && m.Power.USBChannels > 0 {
		return min(m.Channels, m.Power.USBChannels)
	}
	return m.Channels
}

// usb is the speed that counts in a state.
func (m Model) usb(s State) USB {
	if s.USB == USBUnknown {
		return m.USB
	}
	return min(s.USB, m.USB)
}
