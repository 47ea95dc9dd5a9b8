package picosdk

import "github.com/scopelog/scopelog/driver"

// Class says how a status is treated.
type Class uint8

// The classes.
const (
	ClassUnknown    Class = iota // not in the table: the run is over, another try may help
	ClassOK                      // go on
	ClassBusy                    // ask again a little later
	ClassPower                   // answer by changing the power source
	ClassPowerLimit              // not enough power for the request
	ClassDeviceLost              // the unit is gone: close, find it again by serial
	ClassRunEnded                // the capture is over: stop, start anew, record a gap
	ClassNoUnit                  // no free unit, or too many open
	ClassWarning                 // done, with a remark
	ClassFlag                    // a bit in trigger information, no error
	ClassUser                    // wrong arguments or order
	ClassFatal                   // hardware, installation or firmware: give up on the unit
)

var classWords = map[string]Class{
	"ok": ClassOK, "busy": ClassBusy, "power": ClassPower, "limit": ClassPowerLimit, "lost": ClassDeviceLost, "ended": ClassRunEnded,
	"none": ClassNoUnit, "warning": ClassWarning, "flag": ClassFlag, "user": ClassUser, "fatal": ClassFatal,
}

var classNames = [...]string{
	"unknown", "ok", "busy", "power", "power limit", "device lost", "run ended", "no unit", "warning", "flag", "request", "fatal",
}

// String names the class.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return classNames[0]
}

// misuse holds codes of class user that no plan can cause: our own code broke a rule of the library.
var misuse = map[Status]bool{
	StatusInvalidHandle: true, StatusNullParameter: true, 0x18: true, 0x19: true, 0x24: true, StatusNoSamplesAvailable: true, 0x26: true,
	0x28: true, 0x29: true, 0x36: true, StatusInvalidBuffer: true, 0x3B: true, 0x3C: true, 0x42: true, StatusBuffersNotSet: true,
	0x12A: true, 0x12C: true, 0x13B: true, 0x17A: true, StatusNullDirections: true, StatusNullProperties: true, 0x18E: true, 0x191: true, 0x195: true, StatusEqualBuffers: true,
	0x199: true, 0x19A: true, 0x19B: true, StatusBufferConflict: true, StatusBuffersInUse: true, StatusStreamingDataRequired: true,
	0x202: true, 0x204: true, 0x211: true, 0x3000020: true, 0x3000021: true, 0x3000022: true, 0x3000023: true, 0x3000024: true,
	0x3000025: true, 0x3000026: true, 0x3000027: true, 0x3004001: true,
}

// Kind is the status as a kind of the driver contract. [StatusOK] has none; it counts as permanent.
func (s Status) Kind() driver.Kind {
	switch s {
	case StatusNotFound:
		return driver.KindNotFound
	case StatusOperationFailed, StatusInfoUnavailable:
		return driver.KindPermanent
	case 0x10000001, 0x10000002, 0x10000003: // the vendor's helper library
		return driver.KindNoLibrary
	}
	switch s.Class() {
	case ClassBusy, ClassPower, ClassRunEnded, ClassNoUnit, ClassUnknown:
		return driver.KindTransient
	case ClassDeviceLost:
		return driver.KindDeviceGone
	case ClassPowerLimit:
		return driver.KindUnsupported
	case ClassUser:
		if misuse[s] {
			return driver.KindBug
		}
		return driver.KindUnsupported
	}
	return driver.KindPermanent
}

// fields names the part of the configuration that a code blames, where the code alone tells.
var fields = map[Status]string{
	StatusInvalidSampleInterval: "stream.sample_interval", StatusInvalidResolution: "resolution", StatusResolutionOfVariant: "resolution",
	StatusChannelsForResolution: "resolution", StatusChannelCombination: "resolution", 0x18D: "resolution", StatusPortsNeedChannels: "resolution",
	0x40: "stream.downsample.ratio", 0x47: "stream.downsample.mode", 0x15F: "stream.downsample.mode",
	StatusNoSignalGenerator: "signal_generator", 0x2E: "signal_generator", 0x35: "signal_generator.amplitude", 0x38: "signal_generator.offset",
	0x39: "signal_generator.amplitude", StatusNoArbitrary: "signal_generator.arbitrary", 0x111: "signal_generator.operation", 0x112: "signal_generator.wave",
	0x116: "signal_generator.operation", 0x138: "signal_generator.frequency",
	0x13E: "signal_generator.trigger", 0x13F: "signal_generator.trigger", 0x3000012: "signal_generator.wave",
	0x3000013: "signal_generator.trigger.type", 0x3000014: "signal_generator.trigger.source", 0x3000030: "signal_generator.arbitrary",
	0x3000032: "signal_generator.shots", 0x3000034: "signal_generator.sweep", 0x3000035: "signal_generator.sweep",
	0x3000036: "signal_generator.step", 0x3000038: "signal_generator.amplitude",
	0x20: "trigger.delay", 0x300: "trigger.delay", 0x1B: "trigger.auto", 0x4000: "trigger.auto",
}

// Field is the part of a [driver.Config] that the code blames by itself, as the path of [driver.Error]; empty where
// only the call tells, as with a channel's range.
func (s Status) Field() string { return fields[s] }
