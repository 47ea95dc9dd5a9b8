package picosdk

// UdevFile is where [UdevRule] belongs: its number is below that of the rules that give access to whoever sits at the
// machine.
const UdevFile = "/etc/udev/rules.d/60-picoscope.rules"

// UdevRule is the line that gives whoever sits at the machine, and the group plugdev, access to the vendor's units.
const UdevRule = `SUBSYSTEM=="usb", ATTR{idVendor}=="0ce9", MODE="0660", GROUP="plugdev", TAG+="uaccess"`

var advice = map[Status]string{
	StatusMaxUnitsOpened:          "Close another unit first.",
	StatusNotFound:                "Check the cable and the serial, and that no other program has the unit open.",
	StatusOpenInProgress:          "Wait until the other unit is open.",
	StatusNotResponding:           "Check the cable and the unit's power; a run that records opens it again when it comes back.",
	0x09:                          "Install a newer vendor driver.",
	StatusInvalidVoltageRange:     "Choose a range that this unit has.",
	StatusInvalidSampleInterval:   "Choose a slower sample rate, fewer channels, or a lower resolution.",
	StatusInvalidTimebase:         "Choose a slower sample rate, fewer channels, or a lower resolution.",
	StatusInvalidAnalogueOffset:   "Choose a smaller offset or a larger range.",
	StatusBufferStall:             "The computer was too slow: sample slower, or take load off it.",
	StatusPowerSupplyNotConnected: "Plug in the power supply, or use channels A and B only.",
	StatusPowerUndervoltage:       "Plug in the power supply, or use another USB port without a hub.",
	StatusPowerFailed:             "Plug in the power supply, or use another USB port without a hub.",
	StatusUSB3DeviceNonUSB3Port:   "Use a USB 3 port for full speed.",
	StatusChannelsForResolution:   "Switch channels off or choose a lower resolution.",
	StatusChannelCombination:      "Switch channels off or choose a lower resolution.",
	StatusResolutionOfVariant:     "Choose a resolution that this model has.",
	StatusChannelOffOnUSBPower:    "Plug in the power supply, or use channels A and B only.",
	0x14F:                         "Plug in the power supply.",
	0x150:                         "Use fewer probes.",
	0x156:                         "Use fewer probes.",
	StatusNoPodConnected:          "Connect the pod of the digital port.",
	StatusOvervoltageTripped:      "Remove the voltage from the 50 ohm input, then open the unit again.",
	0x5006:                        "Unplug the digital pod and plug it in again.",
	StatusOverheated:              "Let the unit cool down and free its vents.",
	StatusPermissions:             "Put this line into " + UdevFile + ", run udevadm control --reload, and plug the unit in again: " + UdevRule,
	StatusFirmwareUpdateRequired:  "Update the unit's firmware with the vendor's own program.",
	StatusIPPNotFound:             "Install the vendor's package libpicoipp beside the driver library.",
	0x10000002:                    "Install the version of libpicoipp that belongs to the driver library.",
}

var classAdvice = map[Class]string{
	ClassPowerLimit: "Plug in the power supply, or use fewer channels.",
	ClassDeviceLost: "Check the cable and the unit's power.",
	ClassFatal:      "Unplug the unit and plug it in again; if that does not help, ask the maker with this number.",
	ClassUnknown:    "Look the number up in the vendor's list; a newer version of this driver may know it.",
}

// Advice says what a person does about the code; empty when there is nothing to do.
func (s Status) Advice() string {
	if a, ok := advice[s]; ok {
		return a
	}
	return classAdvice[s.Class()]
}
