package dynlib

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadRelease(t *testing.T) {
	path := filepath.Join(t.TempDir(), "os-release")
	text := "# comment\nPRETTY_NAME=\"Linux Mint 22\"\nID=linuxmint\nID_LIKE='ubuntu debian'\nVERSION_ID=\"22\"\nodd\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := ReadRelease(path)
	if err != nil || r.ID != "linuxmint" || r.Name != "Linux Mint 22" || r.Number != "22" || !slices.Equal(r.Like, []string{"ubuntu", "debian"}) {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := ReadRelease(path + "absent"); err != nil || r.ID != "" {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := ReadRelease(filepath.Dir(path)); err == nil {
		t.Error("a folder is a file")
	}
}

func TestInstallHint(t *testing.T) {
	for _, c := range []struct {
		name    string
		release Release
		want    string // in the text
	}{
		{"Debian", Release{ID: "debian", Name: "Debian GNU/Linux 12"}, "sudo apt-get install libexample"},
		{"Ubuntu", Release{ID: "ubuntu"}, "labs.picotech.com/picoscope7/debian/ picoscope main"},
		{"Mint is like Ubuntu", Release{ID: "linuxmint", Like: []string{"ubuntu", "debian"}}, "sudo apt-get install libexample"},
		{"Fedora", Release{ID: "fedora"}, "sudo dnf install libexample"},
		{"openSUSE", Release{ID: "opensuse-tumbleweed", Like: []string{"opensuse", "suse"}}, "sudo zypper install libexample"},
		{"Arch", Release{ID: "arch"}, "aur.archlinux.org/libexample.git"},
		{"Manjaro is like Arch", Release{ID: "manjaro", Like: []string{"arch"}}, "makepkg"},
		{"other", Release{ID: "nixos", Name: "NixOS"}, "download libexample for amd64"},
		{"unknown", Release{}, "a system without packages"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := InstallHint(c.release, "libexample.so.2")
			text := h.String()
			if !strings.Contains(text, c.want) || strings.Contains(text, "{package}") || !strings.Contains(text, `ATTR{idVendor}=="0ce9"`) {
				t.Errorf("%s", text)
			}
			if c.release.Name != "" && h.System != c.release.Name {
				t.Errorf("system %q", h.System)
			}
			for _, line := range h.Commands {
				if strings.Contains(line, "\n") || strings.Count(line, "'")%2 != 0 {
					t.Errorf("not one command: %q", line)
				}
			}
		})
	}
}

func TestInstallAdvice(t *testing.T) {
	if got := installAdvice("linux", Release{ID: "debian"}, "libexample.so.2"); !strings.Contains(got, "apt-get install libexample") {
		t.Errorf("linux: %q", got)
	}
	if got := installAdvice("darwin", Release{}, "libexample.dylib"); !strings.Contains(got, "PicoSDK") || strings.Contains(got, "sudo") {
		t.Errorf("darwin: %q", got)
	}
}

func TestVendorDirs(t *testing.T) {
	if got := vendorDirs("linux", []string{"liba.so.2"}); !slices.Equal(got, []string{"/opt/picoscope/lib"}) {
		t.Errorf("linux: %q", got)
	}
	got := vendorDirs("darwin", []string{"liba.dylib", "liba.2.dylib"})
	if len(got) != 2 || !strings.HasSuffix(got[0], "/Libraries/liba") || !strings.HasSuffix(got[1], "/Resources") {
		t.Errorf("darwin: %q", got)
	}
}
