//go:build !linux

package picosdk

func usbDevices(USBRoots) ([]USBDevice, error) { return nil, ErrNoUSBList }
