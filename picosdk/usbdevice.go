package picosdk

import (
	"errors"
	"fmt"
)

// VendorID is the maker's number on USB.
const VendorID = 0x0ce9

// ErrNoUSBList says that this system's USB devices cannot be listed yet.
var ErrNoUSBList = errors.New("listing USB devices is not supported on this system yet")

// USBDevice is a device of the maker that is plugged in, whatever drives it.
type USBDevice struct {
	Product uint16 // the maker's number of the product; several models share one
	Serial  string // as the device tells the system; mostly empty until a driver has opened it
	Name    string // the product's name on USB; may be empty
	Node    string // the file that a driver opens: "/dev/bus/usb/003/007"
	Speed   USB    // of the connection as it is now
	Mbps    string // the same as the system writes it: "480", "5000"
	// Access is nil when this user may open the node for reading and writing. Otherwise a driver does not find the
	// unit: see [UdevRule].
	Access error
}

// String says what it is and where.
func (d USBDevice) String() string {
	return fmt.Sprintf("%04x:%04x at %s (%v)", VendorID, d.Product, d.Node, d.Speed)
}

// USBRoots are the folders that [USBDevices] reads; an empty one is the system's.
type USBRoots struct {
	Sys string // "/sys/bus/usb/devices"
	Dev string // "/dev/bus/usb"
}

// USBDevices lists the maker's devices on USB, in the order of their nodes. It opens none of them. A device that goes
// away meanwhile is left out. The error is [ErrNoUSBList], or that the folder of a system with USB cannot be read; a
// system without USB has no devices and no error.
func USBDevices(roots USBRoots) ([]USBDevice, error) { return usbDevices(roots) }
