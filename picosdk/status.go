package picosdk

import (
	"fmt"

	"github.com/scopelog/scopelog/driver"
)

// Status is what a function of a vendor library returns. The numbers are the same in every family. A Status is an
// error too, so that errors.Is(err, picosdk.StatusNotFound) works on what [Err] returns; [StatusOK] is never used so.
type Status uint32

// The codes that code branches on, with the vendor's numbers. The names are the vendor's, in Go's spelling.
const (
	StatusOK                      Status = 0x00000000 // PICO_OK
	StatusMaxUnitsOpened          Status = 0x00000001 // PICO_MAX_UNITS_OPENED
	StatusNotFound                Status = 0x00000003 // PICO_NOT_FOUND
	StatusOpenInProgress          Status = 0x00000005 // PICO_OPEN_OPERATION_IN_PROGRESS
	StatusOperationFailed         Status = 0x00000006 // PICO_OPERATION_FAILED
	StatusNotResponding           Status = 0x00000007 // PICO_NOT_RESPONDING
	StatusInvalidHandle           Status = 0x0000000C // PICO_INVALID_HANDLE
	StatusInvalidParameter        Status = 0x0000000D // PICO_INVALID_PARAMETER
	StatusInvalidTimebase         Status = 0x0000000E // PICO_INVALID_TIMEBASE
	StatusInvalidVoltageRange     Status = 0x0000000F // PICO_INVALID_VOLTAGE_RANGE
	StatusInvalidChannel          Status = 0x00000010 // PICO_INVALID_CHANNEL
	StatusNoSignalGenerator       Status = 0x00000013 // PICO_NO_SIGNAL_GENERATOR
	StatusStreamingFailed         Status = 0x00000014 // PICO_STREAMING_FAILED
	StatusNullParameter           Status = 0x00000016 // PICO_NULL_PARAMETER
	StatusBufferStall             Status = 0x0000001C // PICO_BUFFER_STALL
	StatusTooManySamples          Status = 0x0000001D // PICO_TOO_MANY_SAMPLES
	StatusTooManySegments         Status = 0x0000001E // PICO_TOO_MANY_SEGMENTS
	StatusUserCallback            Status = 0x00000023 // PICO_USER_CALLBACK
	StatusNoSamplesAvailable      Status = 0x00000025 // PICO_NO_SAMPLES_AVAILABLE
	StatusBusy                    Status = 0x00000027 // PICO_BUSY
	StatusInfoUnavailable         Status = 0x0000002A // PICO_INFO_UNAVAILABLE
	StatusInvalidSampleInterval   Status = 0x0000002B // PICO_INVALID_SAMPLE_INTERVAL
	StatusInvalidBuffer           Status = 0x00000037 // PICO_INVALID_BUFFER
	StatusCancelled               Status = 0x0000003A // PICO_CANCELLED
	StatusNotUsed                 Status = 0x0000003F // PICO_NOT_USED
	StatusDriverFunction          Status = 0x00000043 // PICO_DRIVER_FUNCTION
	StatusInvalidCoupling         Status = 0x00000045 // PICO_INVALID_COUPLING
	StatusBuffersNotSet           Status = 0x00000046 // PICO_BUFFERS_NOT_SET
	StatusPowerFailed             Status = 0x0000004C // PICO_POWER_FAILED
	StatusInvalidAnalogueOffset   Status = 0x00000050 // PICO_INVALID_ANALOGUE_OFFSET
	StatusNoArbitrary             Status = 0x0000010F // PICO_AWG_NOT_SUPPORTED
	StatusPowerSupplyConnected    Status = 0x00000119 // PICO_POWER_SUPPLY_CONNECTED
	StatusPowerSupplyNotConnected Status = 0x0000011A // PICO_POWER_SUPPLY_NOT_CONNECTED
	StatusPowerRequestInvalid     Status = 0x0000011B // PICO_POWER_SUPPLY_REQUEST_INVALID
	StatusPowerUndervoltage       Status = 0x0000011C // PICO_POWER_SUPPLY_UNDERVOLTAGE
	StatusCapturingData           Status = 0x0000011D // PICO_CAPTURING_DATA
	StatusUSB3DeviceNonUSB3Port   Status = 0x0000011E // PICO_USB3_0_DEVICE_NON_USB3_0_PORT
	StatusNotSupported            Status = 0x0000011F // PICO_NOT_SUPPORTED_BY_THIS_DEVICE
	StatusInvalidResolution       Status = 0x00000120 // PICO_INVALID_DEVICE_RESOLUTION
	StatusChannelsForResolution   Status = 0x00000121 // PICO_INVALID_NUMBER_CHANNELS_FOR_RESOLUTION
	StatusChannelOffOnUSBPower    Status = 0x00000122 // PICO_CHANNEL_DISABLED_DUE_TO_USB_POWERED
	StatusTimeout                 Status = 0x00000143 // PICO_TIMEOUT
	StatusNoChannelsOrPorts       Status = 0x0000015E // PICO_NO_CHANNELS_OR_PORTS_ENABLED
	StatusResolutionOfVariant     Status = 0x0000017B // PICO_RESOLUTION_NOT_SUPPORTED_BY_VARIANT
	StatusNullDirections          Status = 0x0000017F // PICO_NULL_DIRECTIONS
	StatusNullProperties          Status = 0x00000180 // PICO_NULL_CHANNEL_PROPERTIES
	StatusChannelCombination      Status = 0x0000018C // PICO_CHANNEL_COMBINATION_NOT_VALID_IN_THIS_RESOLUTION
	StatusEqualBuffers            Status = 0x00000196 // PICO_NO_OF_SAMPLES_NEED_TO_BE_EQUAL_WHEN_ADDING_BUFFERS
	StatusWaitingForDataBuffers   Status = 0x00000197 // PICO_WAITING_FOR_DATA_BUFFERS
	StatusBufferConflict          Status = 0x0000019C // PICO_CONFLICT_IN_SET_DATA_BUFFERS_CALL_REMOVE_DATA_BUFFER_TO_RESET
	StatusBuffersInUse            Status = 0x0000019D // PICO_REMOVING_DATA_BUFFER_ENTRIES_NOT_ALLOWED_WHILE_DATA_PROCESSING
	StatusStreamingDataRequired   Status = 0x00000201 // PICO_STREAMING_DATA_REQUIRED
	StatusNoTriggerConditions     Status = 0x0000020C // PICO_NO_TRIGGER_CONDITIONS_SET
	StatusNoPulseConditions       Status = 0x0000200D // PICO_NO_PULSE_WIDTH_CONDITIONS_SET
	StatusNoPodConnected          Status = 0x00005001 // PICO_NO_MSO_POD_CONNECTED
	StatusOvervoltageTripped      Status = 0x00005005 // PICO_DC_50OHM_OVERVOLTAGE_TRIPPED
	StatusOverheated              Status = 0x00005010 // PICO_NOT_RESPONDING_OVERHEATED
	StatusDeviceTimeStampReset    Status = 0x01000000 // PICO_DEVICE_TIME_STAMP_RESET, a flag in trigger information
	StatusPermissions             Status = 0x03000040 // PICO_PERMISSIONS_ERROR
	StatusPortsNeedChannels       Status = 0x03001000 // PICO_PORTS_WITHOUT_ANALOGUE_CHANNELS_ONLY_ALLOWED_IN_8BIT_RESOLUTION
	StatusFirmwareUpdateRequired  Status = 0x03004000 // PICO_FIRMWARE_UPDATE_REQUIRED_TO_USE_DEVICE_WITH_THIS_DRIVER
	StatusIPPNotFound             Status = 0x10000001 // PICO_IPP_NOT_FOUND
)

// Known tells whether this version knows the code. Newer libraries may answer others.
func (s Status) Known() bool {
	_, ok := statusTable()[s]
	return ok
}

// Name is the vendor's name, such as "PICO_NOT_FOUND"; empty for an unknown code.
func (s Status) Name() string {
	if e, ok := statusTable()[s]; ok {
		return "PICO_" + e.name
	}
	return ""
}

// Hex is the number as people look it up, such as "0x00000003".
func (s Status) Hex() string { return fmt.Sprintf("0x%08X", uint32(s)) }

// String is name and number: "PICO_NOT_FOUND (0x00000003)".
func (s Status) String() string {
	if n := s.Name(); n != "" {
		return n + " (" + s.Hex() + ")"
	}
	return "unknown status " + s.Hex()
}

// Error is the explanation with the number, since a Status serves as a target of errors.Is.
func (s Status) Error() string { return s.Explanation() + " (" + s.Hex() + ")" }

// Explanation says in words what the code means.
func (s Status) Explanation() string {
	e, ok := statusTable()[s]
	if !ok {
		return "the vendor library answered with a code that this version does not know"
	}
	return e.text
}

// Class says how to treat the code.
func (s Status) Class() Class {
	if e, ok := statusTable()[s]; ok {
		return e.class
	}
	return ClassUnknown
}

// IsPower tells whether the code speaks of the unit's power or port and is answered by changing the power source:
// at open it is acknowledged, in a run it ends the capture.
func (s Status) IsPower() bool { return s.Class() == ClassPower }

// PowerCodes lists the codes for which [Status.IsPower] is true, in ascending order. The slice is the caller's.
func PowerCodes() []Status {
	return []Status{
		StatusPowerSupplyConnected, StatusPowerSupplyNotConnected, StatusPowerRequestInvalid,
		StatusPowerUndervoltage, StatusUSB3DeviceNonUSB3Port,
	}
}

// Acknowledge returns the argument with which a power code is answered when the power source is changed: mostly the
// code itself; after an undervoltage, that the supply is connected, once a person has plugged it in. ok is false for
// codes that are not answered so.
func (s Status) Acknowledge() (argument Status, ok bool) {
	switch s {
	case StatusPowerSupplyConnected, StatusPowerSupplyNotConnected, StatusUSB3DeviceNonUSB3Port:
		return s, true
	case StatusPowerUndervoltage:
		return StatusPowerSupplyConnected, true
	}
	return StatusOK, false
}

// IsBusy tells whether to ask again a little later: nothing is wrong.
func (s Status) IsBusy() bool { return s.Class() == ClassBusy }

// IsWarning tells whether the request was carried out all the same, with a remark.
func (s Status) IsWarning() bool { return s.Class() == ClassWarning }

// Driver is the code as the driver contract carries it; call is the vendor's name of the function.
func (s Status) Driver(call string) driver.Status {
	return driver.Status{Call: call, Code: uint32(s), Name: s.Name()}
}
