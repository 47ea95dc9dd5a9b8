package abicheck

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var families = []string{"ps2000a", "ps5000a", "ps6000a"}

// headerOf writes a header that agrees with the table.
func headerOf(family string, f *Family, pointers bool) string {
	var b strings.Builder
	b.WriteString("#pragma once\n#include <stdint.h>\n")
	for _, e := range f.Enums {
		fmt.Fprintf(&b, "typedef enum {\n")
		for _, v := range sorted(e.Values) {
			fmt.Fprintf(&b, "  %s = %#x,\n", v, uint32(e.Values[v]))
			if e.CType == "int32_t" {
				s := b.String()
				b.Reset()
				b.WriteString(strings.Replace(s, fmt.Sprintf("%s = %#x,", v, uint32(e.Values[v])), fmt.Sprintf("%s = %d,", v, e.Values[v]), 1))
			}
		}
		fmt.Fprintf(&b, "} %s;\n", e.Name)
	}
	b.WriteString("#pragma pack(push, 1)\n")
	structs := slices.Clone(f.Structs)
	slices.SortStableFunc(structs, func(x, y Struct) int { return depth(x) - depth(y) })
	for _, s := range structs {
		b.WriteString("typedef struct {\n")
		for _, fd := range s.Fields {
			base, array, _ := strings.Cut(fd.CType, "[")
			if array != "" {
				array = "[" + array
			}
			fmt.Fprintf(&b, "  %s %s%s;\n", base, fd.Name, array)
		}
		fmt.Fprintf(&b, "} %s;\n", s.Name)
	}
	b.WriteString("#pragma pack(pop)\n")
	for _, fn := range f.Callbacks {
		fmt.Fprintf(&b, "typedef %s;\n", strings.Replace(fn.signature(false), "(*)", "(*"+fn.Name+")", 1))
	}
	for _, c := range f.Constants {
		fmt.Fprintf(&b, "#define %s (%s)\n", c.Name, c.Value)
	}
	if pointers {
		fmt.Fprintf(&b, "struct %s_api {\n", family)
	}
	for _, fn := range slices.Concat(f.Functions, f.Undocumented) {
		switch {
		case fn.Returns == "" || pointers && f.Function(fn.Name) == nil:
		case pointers:
			fmt.Fprintf(&b, "  %s;\n", strings.Replace(fn.signature(false), "(*)", "(*"+strings.TrimPrefix(fn.Name, family)+")", 1))
		default:
			fmt.Fprintf(&b, "%s;\n", strings.Replace(fn.signature(false), "(*)", fn.Name, 1))
		}
	}
	if pointers {
		b.WriteString("};\n")
	}
	return b.String()
}

func depth(s Struct) int {
	for _, f := range s.Fields {
		if strings.HasPrefix(f.CType, "PICO_") {
			return 1
		}
	}
	return 0
}

func check(t *testing.T, family, text string, o Options) []string {
	t.Helper()
	f, err := Table(family)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	header := filepath.Join(dir, family+".h")
	if err := os.WriteFile(header, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	problems, err := checkHeader(compiler(t), dir, family, f, header, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

func TestHeaderAgrees(t *testing.T) {
	for _, family := range families {
		for _, pointers := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/pointers=%t", family, pointers), func(t *testing.T) {
				f, err := Table(family)
				if err != nil {
					t.Fatal(err)
				}
				if p := check(t, family, headerOf(family, f, pointers), Options{Pointers: pointers}); len(p) > 0 {
					t.Errorf("a header made from the table: %q", p)
				}
			})
		}
	}
}

// TestHeaderMutations changes one thing each; exactly that must be reported.
func TestHeaderMutations(t *testing.T) {
	tests := []struct {
		name, family string
		pointers     bool
		old, changed string
		want         []string // the beginning of each problem
	}{
		{"argument too narrow", "ps5000a", false, "ps5000aSetChannel(int16_t, uint32_t, int16_t, uint32_t, uint32_t, float)", "ps5000aSetChannel(int16_t, uint32_t, int16_t, uint32_t, uint16_t, float)", []string{"function ps5000aSetChannel: type is not"}},
		{"argument too narrow in a member", "ps2000a", true, "(*RunStreaming)(int16_t, uint32_t*, uint32_t, uint32_t", "(*RunStreaming)(int16_t, uint32_t*, uint32_t, uint16_t", []string{"function ps2000aRunStreaming: type is not"}},
		{"float for double", "ps6000a", false, "ps6000aSigGenRange(int16_t, double, double)", "ps6000aSigGenRange(int16_t, double, float)", []string{"function ps6000aSigGenRange"}},
		{"signed for unsigned", "ps5000a", false, "ps5000aSetTriggerDelay(int16_t, uint32_t)", "ps5000aSetTriggerDelay(int16_t, int32_t)", []string{"function ps5000aSetTriggerDelay"}},
		{"one argument less", "ps2000a", false, "ps2000aStop(int16_t)", "ps2000aStop(void)", []string{"function ps2000aStop"}},
		{"other result", "ps2000a", false, "uint32_t ps2000aStop", "uint64_t ps2000aStop", []string{"function ps2000aStop"}},
		{"other callback", "ps2000a", false, "ps2000aRunBlock(int16_t, int32_t, int32_t, uint32_t, int16_t, int32_t*, uint32_t, ps2000aBlockReady,", "ps2000aRunBlock(int16_t, int32_t, int32_t, uint32_t, int16_t, int32_t*, uint32_t, ps2000aDataReady,", []string{"function ps2000aRunBlock"}},
		{"callback type", "ps2000a", false, "(*ps2000aBlockReady)(int16_t, uint32_t, void*)", "(*ps2000aBlockReady)(int16_t, uint16_t, void*)", []string{"callback ps2000aBlockReady"}},
		{"callback as void pointer is accepted", "ps2000a", false, "int32_t*, uint32_t, ps2000aBlockReady,", "int32_t*, uint32_t, void *,", nil},
		{"fields swapped", "ps6000a", false, "  int32_t startIndex_;\n  int16_t overflow_;\n", "  int16_t overflow_;\n  int32_t startIndex_;\n", []string{
			"struct PICO_STREAMING_DATA_INFO: field startIndex_ is not at byte 24", "struct PICO_STREAMING_DATA_INFO: field overflow_ is not at byte 28",
		}},
		{"not packed", "ps5000a", false, "pack(push, 1)", "pack(push, 8)", []string{
			"struct PICO_FIRMWARE_INFO: size is not 22", "struct PICO_TRIGGER_INFO: size",
		}},
		{"field's type", "ps5000a", false, "  int16_t timeUnits;\n", "  uint16_t timeUnits;\n", []string{"struct PS5000A_TRIGGER_INFO: field timeUnits is not of type int16_t"}},
		{"wrong enum value", "ps2000a", false, "PS2000A_RATIO_MODE_AVERAGE = 0x4", "PS2000A_RATIO_MODE_AVERAGE = 0x3", []string{"enum PS2000A_RATIO_MODE: PS2000A_RATIO_MODE_AVERAGE is not 4"}},
		{"missing enumerator", "ps2000a", false, "  PS2000A_RATIO_MODE_AVERAGE = 0x4,\n", "", []string{"enum PS2000A_RATIO_MODE: PS2000A_RATIO_MODE_AVERAGE is not 4 ("}},
		{"wrong constant", "ps2000a", false, "(0.250f)", "(0.25001f)", []string{"constant PS2000A_MAX_ANALOGUE_OFFSET_50MV_200MV: is not 0.250f"}},
		{"missing function", "ps2000a", false, "uint32_t ps2000aStop(int16_t);\n", "", []string{"function ps2000aStop: type is not"}},
		{"missing member", "ps2000a", true, "  uint32_t (*Stop)(int16_t);\n", "", []string{"function ps2000aStop: type is not", "struct ps2000a_api: is not 65 function pointers"}},
		{"member too many", "ps2000a", true, "  uint32_t (*Stop)(int16_t);\n", "  uint32_t (*Stop)(int16_t);\n  int extra[2];\n", []string{"struct ps2000a_api: is not 65 function pointers"}},
		{"function too many", "ps2000a", false, "uint32_t ps2000aStop(int16_t);\n", "uint32_t ps2000aStop(int16_t);\nuint32_t ps2000aStopp(int16_t);\n", []string{"function ps2000aStopp: the table does not have it"}},
		{"does not parse", "ps2000a", false, "uint32_t ps2000aStop(int16_t);\n", "uint32_t ps2000aStop(no_such_type *);\n", []string{"In file included from "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := Table(tt.family)
			if err != nil {
				t.Fatal(err)
			}
			good := headerOf(tt.family, f, tt.pointers)
			bad := strings.Replace(good, tt.old, tt.changed, 1)
			if bad == good {
				t.Fatalf("the mutation changes nothing: no %q", tt.old)
			}
			got := check(t, tt.family, bad, Options{Pointers: tt.pointers})
			if len(tt.want) == 0 && len(got) > 0 {
				t.Fatalf("reported %q", got)
			}
			for _, w := range tt.want {
				if !slices.ContainsFunc(got, func(p string) bool { return strings.HasPrefix(p, w) }) {
					t.Errorf("not reported: %q\nreported: %q", w, got)
				}
			}
			if tt.name != "not packed" && len(got) != len(tt.want) {
				t.Errorf("reported %d problems, want %d: %q", len(got), len(tt.want), got)
			}
		})
	}
}

func TestLeft(t *testing.T) {
	f, err := Table("ps2000a")
	if err != nil {
		t.Fatal(err)
	}
	all := headerOf("ps2000a", f, true)
	less := strings.Replace(all, "  uint32_t (*Stop)(int16_t);\n", "", 1)
	tests := []struct {
		name, text string
		left       map[string]string
		want       string
	}{
		{"left out", less, map[string]string{"ps2000aStop": "a test"}, ""},
		{"left out by pattern", less, map[string]string{"function:*aStop": "a test"}, ""},
		{"left out but there", all, map[string]string{"ps2000aStop": "a test"}, "function ps2000aStop: said to be left out, but declared"},
		{"no such name", all, map[string]string{"ps2000aStopp": "a test"}, "ps2000aStopp: left out, but the table has nothing of that name"},
		{"of another kind", less, map[string]string{"enum:ps2000aStop": "a test"}, "function ps2000aStop: type is not"},
		{"no reason", less, map[string]string{"ps2000aStop": " "}, "ps2000aStop: left out without a reason"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(check(t, "ps2000a", tt.text, Options{Pointers: true, Left: tt.left}), "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestExports(t *testing.T) {
	gcc := compiler(t)
	f, err := Table("ps2000a")
	if err != nil {
		t.Fatal(err)
	}
	source := func(skip, extra string) string {
		var b strings.Builder
		for _, fn := range slices.Concat(f.Functions, f.Undocumented) {
			if fn.Name != skip {
				fmt.Fprintf(&b, "int %s(void) { return 0; }\n", fn.Name)
			}
		}
		return b.String() + "const char *scopelog_emulator(void) { return \"t\"; }\n" + extra
	}
	tests := []struct {
		name, text, soname string
		want               []string
	}{
		{"complete", source("", "static int hidden; int *look(void) __attribute__((visibility(\"hidden\"))); int *look(void) { return &hidden; }"), f.Soname, nil},
		{"one missing", source("ps2000aHoldOff", ""), f.Soname, []string{"ps2000aHoldOff: not exported"}},
		{"undocumented missing", source("ps2000aApplyFix", ""), f.Soname, []string{"ps2000aApplyFix: not exported"}},
		{"imported is not exported", source("ps2000aHoldOff", "int ps2000aHoldOff(void); int f(void) __attribute__((visibility(\"hidden\"))); int f(void) { return ps2000aHoldOff(); }"), f.Soname, []string{"ps2000aHoldOff: not exported"}},
		{"data, not a function", source("ps2000aHoldOff", "int ps2000aHoldOff = 1;"), f.Soname, []string{"ps2000aHoldOff: exported, but not a function"}},
		{"leaks a helper", source("", "int emu_enter(void) { return 0; }"), f.Soname, []string{"emu_enter: exported, but not in the table"}},
		{"other SONAME", source("", ""), "libps2000a.so", []string{`SONAME is ["libps2000a.so"], want "libps2000a.so.2"`}},
		{"no SONAME", source("", ""), "", []string{`SONAME is [], want "libps2000a.so.2"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			c, so := filepath.Join(dir, "lib.c"), filepath.Join(dir, "lib.so")
			if err := os.WriteFile(c, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"-shared", "-fPIC", "-w", "-o", so, c}
			if tt.soname != "" {
				args = append(args, "-Wl,-soname,"+tt.soname)
			}
			if out, err := exec.Command(gcc, args...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			got, err := checkExports(so, f)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
