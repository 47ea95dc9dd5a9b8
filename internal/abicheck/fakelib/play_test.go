package fakelib

import (
	"encoding/hex"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck"
)

// memory is what stands behind an argument of the library's double.
type memory struct {
	address uint64
	bytes   []byte
}

// library is a double of a built one, in Go, so that a binding can be written here that makes mistakes.
type library struct {
	t     *testing.T
	f     *Fake
	calls int
}

func (l *library) call(name string, args ...any) uint32 {
	text, err := os.ReadFile(l.f.file(l.calls, "in"))
	if err != nil {
		l.t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	script := map[int]Arg{}
	for _, line := range lines[1:] {
		var n int
		var a Arg
		var write string
		if _, err := fmt.Sscan(line, &n, &a.Record, &write); err != nil {
			l.t.Fatal(err)
		}
		a.Write = unhex(l.t, write)
		script[n] = a
	}
	out := name + "\n"
	for i, a := range args {
		m, isMemory := a.(*memory)
		switch {
		case isMemory && m == nil:
			out += fmt.Sprintf("%d %016x -\n", i, 0)
		case isMemory:
			behind := "-"
			if n := min(script[i].Record, len(m.bytes)); n > 0 {
				behind = hex.EncodeToString(m.bytes[:n])
			}
			out += fmt.Sprintf("%d %x %s\n", i, littleEndian(m.address, 8), behind)
			copy(m.bytes, script[i].Write)
		default:
			b := encode(l.t, l.f.Family, reflect.ValueOf(a), cTypes[reflect.TypeOf(a).Kind()])
			out += fmt.Sprintf("%d %x -\n", i, b)
		}
	}
	if err := os.WriteFile(l.f.file(l.calls, "out"), []byte(out), 0o600); err != nil {
		l.t.Fatal(err)
	}
	l.calls++
	var status uint32
	if _, err := fmt.Sscanf(lines[0], "%x", &status); err != nil {
		l.t.Fatal(err)
	}
	return status
}

// judge is a T that keeps what it is told.
type judge struct{ said []string }

type stop struct{}

func (*judge) Helper()                     {}
func (j *judge) Errorf(f string, a ...any) { j.said = append(j.said, fmt.Sprintf(f, a...)) }
func (j *judge) Fatalf(f string, a ...any) { j.Errorf(f, a...); panic(stop{}) }
func (j *judge) listen(play func(T))       { defer func() { j.recovered(recover()) }(); play(j) }
func (j *judge) recovered(v any) {
	if _, ok := v.(stop); v != nil && !ok {
		panic(v)
	}
}

type directions struct{ Channel, Direction uint32 }

type swapped struct{ Direction, Channel uint32 }

func packed(d []directions) *memory {
	if len(d) == 0 {
		return nil
	}
	m := &memory{address: 0x1000}
	for _, e := range d {
		m.bytes = append(append(m.bytes, littleEndian(uint64(e.Channel), 4)...), littleEndian(uint64(e.Direction), 4)...)
	}
	return m
}

func text(s string) *memory {
	if s == "" {
		return nil
	}
	return &memory{0x2000, append([]byte(s), 0)}
}

func TestPlay(t *testing.T) {
	out := func() *memory { return &memory{0x3000, make([]byte, 8)} }
	value := func(m *memory) int16 { return int16(m.bytes[0]) | int16(m.bytes[1])<<8 }
	tests := []struct {
		name, function string
		spec           Spec
		method         func(*library) any
		want           string // a part of what is said; empty: nothing
	}{
		{"right", "FlashLed", "v v", func(l *library) any {
			return func(h, start int16) uint32 { return l.call("ps2000aFlashLed", h, start) }
		}, ""},
		{"arguments exchanged", "FlashLed", "v v", func(l *library) any {
			return func(h, start int16) uint32 { return l.call("ps2000aFlashLed", start, h) }
		}, "argument start"},
		{"a constant", "FlashLed", "v v", func(l *library) any {
			return func(h, start int16) uint32 { return l.call("ps2000aFlashLed", h, int16(1)) }
		}, "argument start"},
		{"another function", "FlashLed", "v v", func(l *library) any {
			return func(h, start int16) uint32 { return l.call("ps2000aFlashLedd", h, start) }
		}, "want one call of ps2000aFlashLed"},
		{"no call", "PingUnit", "v", func(l *library) any {
			return func(h int16) uint32 { return 0 }
		}, "want one call"},
		{"status lost", "PingUnit", "v", func(l *library) any {
			return func(h int16) uint32 { l.call("ps2000aPingUnit", h); return 0 }
		}, "status 0"},
		{"cut off", "SetTriggerDelay", "v v", func(l *library) any {
			return func(h int16, delay uint32) uint32 { return l.call("ps2000aSetTriggerDelay", h, delay&0xFFFF) }
		}, "argument delay"},
		{"other type in Go", "SetTriggerDelay", "v v", func(l *library) any {
			return func(h int16, delay int32) uint32 { return l.call("ps2000aSetTriggerDelay", h, delay) }
		}, "Go has int32 for C's uint32_t"},
		{"input too many", "PingUnit", "v", func(l *library) any {
			return func(h, more int16) uint32 { return l.call("ps2000aPingUnit", h) }
		}, "takes 2 inputs"},
		{"spec too short", "FlashLed", "v", func(l *library) any {
			return func(h int16) uint32 { return 0 }
		}, "spec of 1 words for 2 arguments"},
		{"result", "MaximumValue", "v o", func(l *library) any {
			return func(h int16) (int16, uint32) {
				m := out()
				s := l.call("ps2000aMaximumValue", h, m)
				return value(m), s
			}
		}, ""},
		{"result lost", "MaximumValue", "v o", func(l *library) any {
			return func(h int16) (int16, uint32) { return 0, l.call("ps2000aMaximumValue", h, out()) }
		}, "result 0"},
		{"result not asked for", "MaximumValue", "v o", func(l *library) any {
			return func(h int16) (int16, uint32) { return 0, l.call("ps2000aMaximumValue", h, (*memory)(nil)) }
		}, "argument value (empty=false): NULL"},
		{"results exchanged", "IsTriggerOrPulseWidthQualifierEnabled", "v o o", func(l *library) any {
			return func(h int16) (int16, int16, uint32) {
				a, b := out(), out()
				s := l.call("ps2000aIsTriggerOrPulseWidthQualifierEnabled", h, a, b)
				return value(b), value(a), s
			}
		}, "result 0"},
		{"string", "OpenUnit", "o s", func(l *library) any {
			return func(s string) (int16, uint32) {
				m := out()
				st := l.call("ps2000aOpenUnit", m, text(s))
				return value(m), st
			}
		}, ""},
		{"string without its end", "OpenUnit", "o s", func(l *library) any {
			return func(s string) (int16, uint32) {
				m, in := out(), text(s)
				if in != nil {
					in.bytes[len(s)] = 'x'
				}
				st := l.call("ps2000aOpenUnit", m, in)
				return value(m), st
			}
		}, "behind serial"},
		{"empty string instead of NULL", "OpenUnit", "o s", func(l *library) any {
			return func(s string) (int16, uint32) {
				m := out()
				st := l.call("ps2000aOpenUnit", m, &memory{0x2000, append([]byte(s), 0)})
				return value(m), st
			}
		}, "argument serial (empty=true)"},
		{"structs", "SetTriggerDigitalPortProperties", "v a n", func(l *library) any {
			return func(h int16, d []directions) uint32 {
				return l.call("ps2000aSetTriggerDigitalPortProperties", h, packed(d), int16(len(d)))
			}
		}, ""},
		{"wrong number of structs", "SetTriggerDigitalPortProperties", "v a n", func(l *library) any {
			return func(h int16, d []directions) uint32 {
				return l.call("ps2000aSetTriggerDigitalPortProperties", h, packed(d), int16(8*len(d)))
			}
		}, "argument nDirections"},
		{"a struct lost", "SetTriggerDigitalPortProperties", "v a n", func(l *library) any {
			return func(h int16, d []directions) uint32 {
				return l.call("ps2000aSetTriggerDigitalPortProperties", h, packed(d[:min(1, len(d))]), int16(len(d)))
			}
		}, "behind directions"},
		{"fields exchanged", "SetTriggerDigitalPortProperties", "v a n", func(l *library) any {
			return func(h int16, d []swapped) uint32 { return 0 }
		}, "field Direction stands where PS2000A_DIGITAL_CHANNEL_DIRECTIONS has channel"},
	}
	table, err := abicheck.Table("ps2000a")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &Fake{Family: table, prefix: "ps2000a", dir: t.TempDir()}
			method := reflect.ValueOf(tt.method(&library{t: t, f: f}))
			var j judge
			j.listen(func(jt T) { play(jt, f, table.Function("ps2000a"+tt.function), method, tt.spec, nil) })
			got := strings.Join(j.said, "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("said %q, want %q", got, tt.want)
			}
		})
	}
}

// TestBuild compiles the library of each family; calling it is what the bindings' tests do.
func TestBuild(t *testing.T) {
	for _, family := range []string{"ps2000a", "ps5000a", "ps6000a"} {
		t.Run(family, func(t *testing.T) {
			f := Build(t, family, func(name string) bool { return name == family+"Stop" })
			if _, err := os.Stat(f.Path); err != nil {
				t.Error(err)
			}
		})
	}
}
