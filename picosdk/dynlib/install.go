package dynlib

import (
	"bufio"
	"cmp"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/scopelog/scopelog/picosdk"
)

// Release is what a Linux system says it is.
type Release struct {
	ID     string   // "debian", "fedora"
	Like   []string // what it descends from, the nearest first
	Name   string   // for people: "Debian GNU/Linux 12 (bookworm)"
	Number string   // "12"
}

// ReadRelease reads /etc/os-release, or the file at path. A system without that file is a Release with nothing in it,
// and no error.
func ReadRelease(path string) (Release, error) {
	var r Release
	f, err := os.Open(cmp.Or(path, "/etc/os-release"))
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		key, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "=")
		if !ok || strings.HasPrefix(key, "#") {
			continue
		}
		value = unquote(value)
		switch key {
		case "ID":
			r.ID = value
		case "ID_LIKE":
			r.Like = strings.Fields(value)
		case "PRETTY_NAME":
			r.Name = value
		case "VERSION_ID":
			r.Number = value
		}
	}
	return r, lines.Err()
}

// unquote takes the quotes of a shell off.
func unquote(v string) string {
	if len(v) >= 2 && v[0] == '\'' && v[len(v)-1] == '\'' {
		return v[1 : len(v)-1]
	}
	if u, err := strconv.Unquote(v); err == nil {
		return u
	}
	return strings.Trim(v, `"`)
}

// Hint says how a vendor library is installed on a system.
type Hint struct {
	System   string   // whose commands these are
	Commands []string // to be typed one after another; sudo stands where root is needed
	Note     string   // what to know beside them; may be empty
}

// String is the hint as lines of text.
func (h Hint) String() string {
	lines := []string{"To install it on " + h.System + ":"}
	for _, c := range h.Commands {
		lines = append(lines, "  "+c)
	}
	if h.Note != "" {
		lines = append(lines, h.Note)
	}
	return strings.Join(lines, "\n")
}

const (
	keyring = "/usr/share/keyrings/picotech-archive-keyring.gpg"
	fetch   = "wget -O- https://labs.picotech.com/Release.gpg.key | gpg --dearmor | sudo tee " + keyring + " >/dev/null"
	source  = `echo "deb [signed-by=` + keyring + `] https://labs.picotech.com/picoscope7/debian/ picoscope main" | sudo tee /etc/apt/sources.list.d/picoscope7.list`
	rpms    = "https://labs.picotech.com/picoscope7/rpm/x86_64/"
	rule    = "echo '" + picosdk.UdevRule + "' | sudo tee " + picosdk.UdevFile
	reload  = "sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=usb"
	plugIn  = "Then unplug the unit and plug it in again."
)

// hints are the ways to install, by the ID of the system. {package} stands for the library's package.
var hints = []struct {
	ids  []string
	hint Hint
}{
	{[]string{"debian", "ubuntu"}, Hint{
		System:   "Debian or Ubuntu",
		Commands: []string{fetch, source, "sudo apt-get update", "sudo apt-get install {package}", rule, reload},
		Note:     plugIn + " The package picoscope installs every library, and the maker's own program.",
	}},
	{[]string{"fedora", "rhel", "centos"}, Hint{
		System:   "Fedora",
		Commands: []string{"sudo dnf config-manager addrepo --id=picoscope7 --set=baseurl=" + rpms, "sudo dnf install {package}", rule, reload},
		Note:     plugIn + " The maker's packages are made for openSUSE; before Fedora 41 the first command is: sudo dnf config-manager --add-repo " + rpms,
	}},
	{[]string{"opensuse", "opensuse-leap", "opensuse-tumbleweed", "suse", "sles"}, Hint{
		System:   "openSUSE",
		Commands: []string{"sudo zypper addrepo " + rpms + " picoscope7", "sudo zypper install {package}", rule, reload},
		Note:     plugIn,
	}},
	{[]string{"arch", "archlinux"}, Hint{
		System:   "Arch Linux",
		Commands: []string{"git clone https://aur.archlinux.org/{package}.git", "cd {package} && makepkg -si", rule, reload},
		Note:     plugIn + " The package is made by users, not by the maker; its name may differ: search aur.archlinux.org for picoscope.",
	}},
}

// other is for systems that no package is made for.
var other = Hint{
	System: "a system without packages of the maker",
	Commands: []string{
		"download {package} for amd64 from https://labs.picotech.com/picoscope7/debian/pool/main/libp/",
		"ar x {package}_*.deb && sudo tar -C / -xf data.tar.*", rule, reload,
	},
	Note: plugIn + " libusb-1.0 must be installed too.",
}

// InstallHint returns the commands that install a library with its access rule. library is the file's name, as in
// [Request.Names]; the maker's packages are called like it without what follows the first dot.
func InstallHint(r Release, library string) Hint {
	chosen := other
search:
	for _, id := range append([]string{r.ID}, r.Like...) {
		for _, h := range hints {
			for _, known := range h.ids {
				if id == known {
					chosen = h.hint
					break search
				}
			}
		}
	}
	name, _, _ := strings.Cut(library, ".")
	filled := Hint{System: chosen.System, Note: chosen.Note}
	if r.Name != "" {
		filled.System = r.Name
	}
	for _, c := range chosen.Commands {
		filled.Commands = append(filled.Commands, strings.ReplaceAll(c, "{package}", name))
	}
	return filled
}
