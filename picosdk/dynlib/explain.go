package dynlib

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strings"
)

// explain says in words why a library could not be loaded; empty when the loader's words are all that is known.
func explain(path, said string) string {
	if name := missingDependency(path, said); name != "" {
		return "it needs " + name + ", which is not installed" + dependencyPackage(name)
	}
	if !strings.ContainsRune(path, '/') {
		if strings.Contains(said, "No such file") || strings.Contains(said, "no such file") {
			return whyNotOnPath
		}
		return ""
	}
	if runtime.GOOS != "linux" {
		return ""
	}
	return explainFile(path)
}

var dependencyText = regexp.MustCompile(`^([^\s:]+): cannot open shared object file`)

// missingDependency returns the library that the loader missed, when that is not the one that was asked for.
func missingDependency(path, said string) string {
	m := dependencyText.FindStringSubmatch(said)
	if m == nil || m[1] == path {
		return ""
	}
	return m[1]
}

// dependencies maps what the vendor's libraries need to the packages that hold it.
var dependencies = []struct{ name, hint string }{
	{"libusb-1.0.so", "package libusb-1.0-0 on Debian and Ubuntu, libusb1 on Fedora, libusb elsewhere"},
	{"libstdc++.so", "package libstdc++6 on Debian and Ubuntu, libstdc++ elsewhere"},
	{"libz.so", "package zlib1g on Debian and Ubuntu, zlib elsewhere"},
	{"libpicoipp.so", "the vendor's package libpicoipp"},
	{"libiomp5.so", "the vendor's package libpicoipp"},
}

func dependencyPackage(name string) string {
	for _, d := range dependencies {
		if strings.HasPrefix(name, d.name) {
			return ": install " + d.hint
		}
	}
	return ""
}

// wanted is what a library must be made for to be loaded here.
type wanted struct {
	class   elf.Class
	machine elf.Machine
}

var wantedHere = map[string]wanted{
	"amd64": {elf.ELFCLASS64, elf.EM_X86_64}, "386": {elf.ELFCLASS32, elf.EM_386},
	"arm64": {elf.ELFCLASS64, elf.EM_AARCH64}, "arm": {elf.ELFCLASS32, elf.EM_ARM}, "riscv64": {elf.ELFCLASS64, elf.EM_RISCV},
}

// explainFile looks at a file that the loader refused.
func explainFile(path string) string {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return whyAbsent
	case errors.Is(err, os.ErrPermission):
		return "this user may not read the file"
	case err != nil:
		return ""
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "it is a folder"
	}
	// A broken file must not bring the reader down: only the fixed first bytes are looked at.
	head := make([]byte, 64)
	n, _ := io.ReadFull(f, head)
	switch {
	case n == 0:
		return "the file is empty"
	case n < 20 || string(head[:4]) != elf.ELFMAG:
		return "the file is not a library"
	}
	if why := explainHead(head); why != "" {
		return why
	}
	if info, err := f.Stat(); err == nil && (n < 52 || info.Size() < sectionsEnd(head)) { // 52: the smallest head
		return whyCut
	}
	return ""
}

// explainHead looks at what a library is made for.
func explainHead(head []byte) string {
	class := elf.Class(head[elf.EI_CLASS])
	machine := elf.Machine(head[18]) | elf.Machine(head[19])<<8
	if elf.Data(head[elf.EI_DATA]) == elf.ELFDATA2MSB {
		machine = elf.Machine(head[19]) | elf.Machine(head[18])<<8
	}
	want, known := wantedHere[runtime.GOARCH]
	switch {
	case !known:
		return ""
	case class != want.class:
		return fmt.Sprintf("it is a %s library, and this program is %s: install the %s one", bits(class), bits(want.class), bits(want.class))
	case machine != want.machine:
		return fmt.Sprintf("it is made for another processor (%s) than this program (%s)", machineName(machine), machineName(want.machine))
	}
	return ""
}

// sectionsEnd is where the table of sections ends, which linkers write last; 0 when it is not known.
func sectionsEnd(head []byte) int64 {
	if elf.Class(head[elf.EI_CLASS]) != elf.ELFCLASS64 || elf.Data(head[elf.EI_DATA]) != elf.ELFDATA2LSB {
		return 0
	}
	at := binary.LittleEndian.Uint64(head[40:])
	size := uint64(binary.LittleEndian.Uint16(head[58:])) * uint64(binary.LittleEndian.Uint16(head[60:]))
	if at > 1<<40 {
		return 0
	}
	return int64(at + size)
}

func bits(c elf.Class) string {
	switch c {
	case elf.ELFCLASS32:
		return "32-bit"
	case elf.ELFCLASS64:
		return "64-bit"
	}
	return "broken"
}

func machineName(m elf.Machine) string { return strings.TrimPrefix(m.String(), "EM_") }
