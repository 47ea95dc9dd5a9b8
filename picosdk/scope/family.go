package scope

import (
	"fmt"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// Family is what is particular to one vendor library: values, and how to load it.
type Family struct {
	Name    string // the driver's name in plans, which is also how the names of the vendor's functions begin
	Version string // the plugin's product version
	Summary string // one line for people
	Models  []picosdk.Model
	// File is the usual name of the library's file, under which the emulated one is built, too.
	File string
	// MinVersion is the oldest vendor library that is known to work.
	MinVersion picosdk.Version
	// Load opens the library. An error without a kind counts as [driver.KindNoLibrary].
	Load func(LoadRequest) (Library, error)
	// InstallHint says how to install the vendor library on this computer; nil: nothing to say.
	InstallHint func() string

	Ratios picosdk.RatioModes
	// RawBeside tells that a unit can deliver raw and downsampled samples of one run; otherwise the loop computes.
	RawBeside bool
	// Bandwidths are the limits that units may have beside full, whose number is 0.
	Bandwidths []BandwidthCode
	Hysteresis map[string]uint32 // of digital ports; nil: cannot be chosen
	// VagueTrigger tells that the library does not say at which sample a stream was triggered.
	VagueTrigger bool
	// WideCounts tells that the library counts samples in 64 bits, not in 31.
	WideCounts bool
	Generator  GeneratorCodes
}

// BandwidthCode is the vendor's number of a bandwidth limit.
type BandwidthCode struct {
	Frequency units.Frequency
	Code      uint32
}

// Count is an interval as libraries write it: a number of units.
type Count struct {
	Value float64 // whole where the library takes whole numbers
	Unit  picosdk.TimeUnit
}

// Interval is what the count stands for, exactly.
func (c Count) Interval() (units.Interval, error) { return picosdk.FromDouble(c.Value, c.Unit) }

// LoadRequest says which vendor library to open. With neither field the usual places are searched.
type LoadRequest struct {
	Path string // an absolute path; nothing else is tried
	Name string // a file name to look for in the usual places
}

// Library is an opened vendor library. Its calls and those of its units are made by one OS thread.
type Library interface {
	// Path is the file that was loaded.
	Path() string
	// Emulated tells that it is an emulation and not the vendor's.
	Emulated() bool
	// DriverVersion is the library's own text, asked without a unit.
	DriverVersion() (string, error)
	// EnumerateUnits returns the list of free units as the library writes it, asked for with their variants.
	EnumerateUnits() (string, error)
	// OpenUnitAsync begins to open a unit, the first free one when serial is empty, with a resolution in bits.
	// started is false when another open is under way.
	OpenUnitAsync(serial string, bits int) (started bool, err error)
	// OpenUnitProgress asks how far the open is. A handle above 0 is valid whatever err says, 0 means that there is
	// no such unit, below 0 that it could not be opened.
	OpenUnitProgress() (handle int16, percent int, complete bool, err error)
	// Unit makes an adapter for an open unit. It calls nothing.
	Unit(handle int16) Unit
}

// SignalTeller is implemented by libraries that can tell what they did to the process's signal handlers.
type SignalTeller interface {
	// SignalProblems says in words what breaks the Go runtime; nil: nothing.
	SignalProblems() []string
}

// Unit is one open unit. Errors that the library has answered are [*picosdk.StatusError].
type Unit interface {
	// UnitInfo returns one of the texts that a unit tells about itself.
	UnitInfo(key picosdk.Info) (string, error)
	// SetChannel sets one analog channel up, or turns it off.
	SetChannel(ChannelSettings) error
	// CodeLimits returns the lowest and highest code at a resolution, which the unit is set to.
	CodeLimits(bits int) (lowest, highest int32, err error)
	// Prepare puts what earlier runs may have left behind in order for plain streaming: one memory segment, one
	// capture, no trigger, no equivalent-time sampling.
	Prepare() error
	// Arm gives the library buffers for all sources and starts the run. It returns the interval that the library
	// has put in the place of the requested one. After an error nothing is left armed.
	Arm(RunPlan) (Count, error)
	// Loop starts to poll the run that Arm has started, into a ring.
	Loop(LoopPlan) (Loop, error)
	// Stop ends what runs. It may be called at any time.
	Stop() error
	// NoOfStreamingValues is the number of raw samples per channel that the library counted in the run before Stop.
	NoOfStreamingValues() (uint64, error)
	// Disarm takes all buffers from the library and frees them. The unit is stopped, the loop has ended.
	Disarm() error
	// Ping asks for a sign of life.
	Ping() error
	// Flash lets the light flash a number of times.
	Flash(times int) error
	// Close closes the unit and frees what belongs to it. Where the library refuses, buffers it may still write to
	// are not freed.
	Close() error
}

// PowerSwitch is implemented by units that can run from more than one power source.
type PowerSwitch interface {
	// CurrentPowerSource returns the state, which the library answers as a status.
	CurrentPowerSource() picosdk.Status
	// ChangePowerSource acknowledges a state.
	ChangePowerSource(picosdk.Status) error
}

// ResolutionSetter is implemented by units whose resolution can be chosen.
type ResolutionSetter interface {
	SetResolution(bits int) error
}

// ResolutionTeller is implemented by units that tell which resolution they are set to.
type ResolutionTeller interface {
	Resolution() (bits int, err error)
}

// PortSetter is implemented by units that can have digital ports.
type PortSetter interface {
	// SetPort sets one port up, or turns it off.
	SetPort(PortSettings) error
}

// RangeTeller is implemented by units that tell which ranges a channel has.
type RangeTeller interface {
	ChannelRanges(channel int) ([]picosdk.Range, error)
}

// OffsetTeller is implemented by units that tell the limits of the analog offset.
type OffsetTeller interface {
	OffsetLimits(r picosdk.Range, c picosdk.Coupling) (lowest, highest units.Voltage, err error)
}

// Generator is implemented by units that can have a signal generator.
type Generator interface {
	// Generate sets the generator and returns what is really put out.
	Generate(GeneratorSettings) (GeneratorResult, error)
	// Silence turns it off.
	Silence() error
}

// ChannelSettings sets up one analog channel; all numbers are the vendor's.
type ChannelSettings struct {
	Channel   int // 0 is A
	On        bool
	Coupling  picosdk.Coupling
	Range     picosdk.Range
	Offset    units.Voltage // at the input
	Bandwidth uint32
}

// PortSettings sets up one digital port.
type PortSettings struct {
	Port       int // 0 is D0-7
	On         bool
	Levels     []int16 // one for all pins, or one per pin
	Hysteresis uint32
}

// Source is an analog channel or a digital port that delivers samples.
type Source struct {
	Index   int // 0 is channel A, or port D0-7
	Digital bool
}

// Part is one way in which all sources of a run deliver.
type Part struct {
	Down    driver.DownsampleMode
	Mode    uint32 // the vendor's number
	Ratio   int64
	Samples int // length of one buffer
}

// RunPlan is one streaming run as the library has to be told. The modes of several parts are combined.
type RunPlan struct {
	Sources  []Source
	Interval Count
	Parts    []Part // one, or raw and one more where the family has RawBeside
	// Pre is how many raw samples come before the library looks for a trigger, Post how many are wanted behind it; of both 0 without one.
	Pre, Post int64
}

// Ratio is the largest ratio of the parts.
func (p RunPlan) Ratio() int64 {
	r := int64(1)
	for _, part := range p.Parts {
		r = max(r, part.Ratio)
	}
	return r
}

// LoopStream is one stream of the ring.
type LoopStream struct {
	Lane    int
	Source  int // in RunPlan.Sources
	Kind    driver.StreamKind
	Ratio   int64
	Digital bool
	Host    bool // the loop computes it from raw samples
}

// LoopPlan says where the samples of a run go.
type LoopPlan struct {
	Run      RunPlan
	FD       int   // of the ring; it stays the caller's
	Bytes    int64 // size of the ring
	Streams  []LoopStream
	Interval units.Interval // applied, between raw samples
	CodeMin  int32
	CodeMax  int32
	Power    []picosdk.Status // statuses that end a run because of its power
	Trigger  *StreamTrigger   // nil: what the library tells of triggers does not count
}

// Loop polls a run in C. Its methods may be called from any goroutine, Resume and Finish by one and only after Wait.
type Loop interface {
	// Stop makes Wait return when what the library still holds is delivered. It does not wait.
	Stop()
	// Wait returns when the loop has made its last call of the library.
	Wait() Result
	// Resume polls a run that was armed anew, into the same ring, behind a loss of unknown length in every stream.
	// It is possible after EndPower only; errors.ErrUnsupported: this loop cannot.
	Resume(cause driver.Cause) error
	// Finish ends the streams of the ring, with the failure if there is one. Nothing follows.
	Finish(failure *driver.Error) error
	// Counters may be read at any time.
	Counters() Counters
}

// Quieter is implemented by loops that can be held between two calls of the library.
type Quieter interface {
	// Quiet calls f while the loop makes no call of the library; samples wait there meanwhile. It fails without calling f
	// when the loop has ended.
	Quiet(f func() error) error
}

// End says why a loop has ended.
type End uint8

// The reasons.
const (
	EndStopped   End = iota // by Stop, or because the host drains the ring
	EndAuto                 // the library has stopped by itself
	EndPower                // Status is a power state
	EndFailed               // Status is not one to go on with
	EndProtocol             // the library broke a rule of its own interface; Text says which
	EndClosed               // the host has closed the ring
	EndTriggered            // all that was wanted behind the trigger is delivered
)

// String is the reason in words.
func (e End) String() string {
	names := [...]string{"stop", "library", "power", "failure", "protocol", "host", "trigger"}
	if int(e) < len(names) {
		return names[e]
	}
	return fmt.Sprintf("end %d", uint8(e))
}

// Result tells how a loop ended.
type Result struct {
	End     End
	Status  picosdk.Status
	Call    string // the function that answered Status
	Text    string
	Samples int64 // raw samples per channel that the library has delivered since the loop began
	Cut     int64 // the same of those behind the end of a stream that stops after its trigger, which were not put into the ring
	Drained bool  // the last poll brought nothing: what came before it is delivered
	// LastPollNS is when the last poll began, on CLOCK_MONOTONIC in ns; 0: not known.
	LastPollNS int64
}

// Counters tell what a loop has seen since it began.
type Counters struct {
	Polls      uint64
	Deliveries uint64
	Samples    int64  // raw, per channel
	Starved    uint64 // polls that found the library without a buffer to write to
	Stalls     uint64 // times that this lasted for more than two seconds
	Suspicious uint64 // codes that stand for lost data in old libraries
	Jumps      uint64 // deliveries that did not begin where the one before ended
	Uneven     uint64 // times that channels were published to different indices, since the library could not go on otherwise
	Batches    uint64 // put into the ring
	Dropped    uint64 // batches that found no room there; the ring tells of them as gaps

	Trigger StreamTriggerState

	LongestPoll    time.Duration // one call of the library, with what the loop does in it
	LargestPollGap time.Duration // from the begin of one poll to that of the next
}

// What a healthy unit needs at most. A firmware load takes seconds.
const (
	openBudget      = 60 * time.Second
	openLimit       = 55 * time.Second // before the host loses patience
	configureBudget = 10 * time.Second
	streamBudget    = 2 * time.Second
	fetchBudget     = 10 * time.Second // one call in a block mode: it goes through millions of samples
	closeBudget     = 5 * time.Second
	closeLimit      = 4 * time.Second
)
