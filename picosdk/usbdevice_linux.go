package picosdk

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

func usbDevices(roots USBRoots) ([]USBDevice, error) {
	sys, dev := cmp.Or(roots.Sys, "/sys/bus/usb/devices"), cmp.Or(roots.Dev, "/dev/bus/usb")
	entries, err := os.ReadDir(sys)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list USB devices: %w", err)
	}
	var found []USBDevice
	for _, e := range entries {
		if d, ok := usbDevice(filepath.Join(sys, e.Name()), dev); ok {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b USBDevice) int { return cmp.Compare(a.Node, b.Node) })
	return found, nil
}

// usbDevice reads one folder; ok is false when it is an interface, another maker's, or going away.
func usbDevice(folder, dev string) (d USBDevice, ok bool) {
	attribute := func(name string) string {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(text))
	}
	if v, err := strconv.ParseUint(attribute("idVendor"), 16, 16); err != nil || v != VendorID {
		return d, false
	}
	product, err := strconv.ParseUint(attribute("idProduct"), 16, 16)
	bus, err2 := strconv.ParseUint(attribute("busnum"), 10, 16)
	number, err3 := strconv.ParseUint(attribute("devnum"), 10, 16)
	if err != nil || err2 != nil || err3 != nil {
		return d, false
	}
	d = USBDevice{
		Product: uint16(product), Serial: attribute("serial"), Name: attribute("product"),
		Node: filepath.Join(dev, fmt.Sprintf("%03d", bus), fmt.Sprintf("%03d", number)), Mbps: attribute("speed"),
	}
	d.Speed = usbSpeed(d.Mbps)
	d.Access = mayOpen(d.Node)
	return d, true
}

// usbSpeed reads the system's "480" or "1.5", in Mbit/s.
func usbSpeed(mbps string) USB {
	v, err := strconv.ParseFloat(mbps, 64)
	switch {
	case err != nil || v <= 0:
		return USBUnknown
	case v < 480:
		return USB1
	case v < 5000:
		return USB2
	}
	return USB3
}

// mayOpen asks whether this user may read and write a file, without opening it.
func mayOpen(node string) error {
	const readWrite = 4 | 2
	if err := syscall.Access(node, readWrite); err != nil {
		return &fs.PathError{Op: "access", Path: node, Err: err}
	}
	return nil
}
