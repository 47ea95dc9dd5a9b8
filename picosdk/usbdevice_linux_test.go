package picosdk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// plug makes a device in a folder that looks like the system's.
func plug(t *testing.T, sys, name string, attributes map[string]string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(sys, name), 0o755); err != nil {
		t.Fatal(err)
	}
	for k, v := range attributes {
		if err := os.WriteFile(filepath.Join(sys, name, k), []byte(v+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestUSBDevices(t *testing.T) {
	roots := USBRoots{Sys: t.TempDir(), Dev: t.TempDir()}
	plug(t, roots.Sys, "usb1", map[string]string{"idVendor": "1d6b", "idProduct": "0002", "busnum": "1", "devnum": "1", "speed": "480"})
	plug(t, roots.Sys, "1-1:1.0", map[string]string{"bInterfaceNumber": "00"})
	plug(t, roots.Sys, "2-3", map[string]string{"idVendor": "0ce9", "idProduct": "1211", "busnum": "2", "devnum": "13", "speed": "5000", "serial": "AB1/2", "product": "PicoScope"})
	plug(t, roots.Sys, "1-4", map[string]string{"idVendor": "0ce9", "idProduct": "1007", "busnum": "1", "devnum": "7", "speed": "480"})
	plug(t, roots.Sys, "1-5", map[string]string{"idVendor": "0ce9", "idProduct": "1008", "busnum": "1"}) // going away
	plug(t, roots.Sys, "1-6", map[string]string{"idVendor": "0ce9", "idProduct": "zz", "busnum": "1", "devnum": "9"})
	if err := os.Mkdir(filepath.Join(roots.Dev, "002"), 0o755); err != nil {
		t.Fatal(err)
	}
	node := filepath.Join(roots.Dev, "002", "013")
	if err := os.WriteFile(node, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := USBDevices(roots)
	if err != nil || len(found) != 2 {
		t.Fatalf("%v, %v", found, err)
	}
	slow, fast := found[0], found[1]
	if slow.Product != 0x1007 || slow.Speed != USB2 || slow.Serial != "" || !errors.Is(slow.Access, fs.ErrNotExist) || slow.Node != filepath.Join(roots.Dev, "001", "007") {
		t.Errorf("%+v", slow)
	}
	if fast.Product != 0x1211 || fast.Speed != USB3 || fast.Mbps != "5000" || fast.Serial != "AB1/2" || fast.Name != "PicoScope" || fast.Access != nil || fast.Node != node {
		t.Errorf("%+v", fast)
	}
	if got, want := fast.String(), "0ce9:1211 at "+node+" (USB 3)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	found, err = USBDevices(USBRoots{Sys: filepath.Join(roots.Sys, "absent")})
	if err != nil || found != nil {
		t.Errorf("without USB: %v, %v", found, err)
	}
	if _, err := USBDevices(USBRoots{Sys: node}); err == nil {
		t.Error("a file is a folder of devices")
	}
}

// TestMayOpen asks as a user without rights: root may open everything.
func TestMayOpen(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, mode := range map[string]os.FileMode{"open": 0o666, "read": 0o444, "closed": 0} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	results := make(chan error, 3)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if os.Getuid() == 0 {
			runtime.LockOSThread() // never unlocked: the thread ends with the goroutine, and only it becomes nobody
			const nobody = 65534
			if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, nobody, nobody, nobody); errno != 0 {
				t.Errorf("become nobody: %v", errno)
			}
		}
		for _, name := range []string{"open", "read", "closed"} {
			results <- mayOpen(filepath.Join(dir, name))
		}
	}()
	<-done
	if err := <-results; err != nil {
		t.Errorf("a file that is open to all: %v", err)
	}
	for range 2 {
		if err := <-results; !errors.Is(err, fs.ErrPermission) {
			t.Errorf("a file without write access: %v", err)
		}
	}
}

func TestUSBSpeed(t *testing.T) {
	for mbps, want := range map[string]USB{"1.5": USB1, "12": USB1, "480": USB2, "5000": USB3, "20000": USB3, "": USBUnknown, "fast": USBUnknown, "-1": USBUnknown} {
		if got := usbSpeed(mbps); got != want {
			t.Errorf("%q is %v, want %v", mbps, got, want)
		}
	}
}
