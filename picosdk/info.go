package picosdk

// Info is a key of the information that an open unit gives about itself as text.
type Info uint32

// The keys. Units answer [StatusInfoUnavailable] to those they do not have.
const (
	InfoDriverVersion      Info = 0x00 // words, then "2.1.91.3194"; see [ParseVersion]
	InfoUSBVersion         Info = 0x01 // "3.0"; see [ParseUSB]
	InfoHardwareVersion    Info = 0x02
	InfoVariant            Info = 0x03 // the model, "5444DMSO"; see [FindModel]
	InfoSerial             Info = 0x04 // batch and serial, "AB123/0456"
	InfoCalibrationDate    Info = 0x05 // "21Jun18"
	InfoKernelVersion      Info = 0x06
	InfoDigitalHardware    Info = 0x07
	InfoAnalogHardware     Info = 0x08
	InfoFirmware1          Info = 0x09
	InfoFirmware2          Info = 0x0A
	InfoMAC                Info = 0x0B
	InfoShadowCalibration  Info = 0x0C
	InfoIPPVersion         Info = 0x0D
	InfoDriverPath         Info = 0x0E // works with handle 0 on current libraries
	InfoFirmware3          Info = 0x0F
	InfoFrontPanelFirmware Info = 0x10
	InfoBootloader         Info = 0x10000001
)

var infoNames = map[Info]string{
	InfoDriverVersion: "driver version", InfoUSBVersion: "USB version", InfoHardwareVersion: "hardware version", InfoVariant: "variant",
	InfoSerial: "serial", InfoCalibrationDate: "calibration date", InfoKernelVersion: "kernel driver version",
	InfoDigitalHardware: "digital hardware version", InfoAnalogHardware: "analog hardware version", InfoFirmware1: "firmware 1",
	InfoFirmware2: "firmware 2", InfoMAC: "MAC address", InfoShadowCalibration: "shadow calibration", InfoIPPVersion: "helper library version",
	InfoDriverPath: "driver path", InfoFirmware3: "firmware 3", InfoFrontPanelFirmware: "front panel firmware", InfoBootloader: "bootloader version",
}

// String names the key in words.
func (i Info) String() string { return infoNames[i] }

// InfoKeys lists every key, in ascending order. The slice is the caller's.
func InfoKeys() []Info {
	keys := make([]Info, 0, len(infoNames))
	for k := InfoDriverVersion; k <= InfoFrontPanelFirmware; k++ {
		keys = append(keys, k)
	}
	return append(keys, InfoBootloader)
}
