package picosdk

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

func TestStatusTable(t *testing.T) {
	table := statusTable()
	if len(table) != 395 {
		t.Errorf("%d codes, want 395", len(table))
	}
	names := map[string]Status{}
	for s, e := range table {
		if other, twice := names[e.name]; twice {
			t.Errorf("%s stands for %s and %s", e.name, s.Hex(), other.Hex())
		}
		names[e.name] = s
		if e.text == "" || strings.ContainsAny(e.text, "()|") && strings.Count(e.text, "(") != strings.Count(e.text, ")") {
			t.Errorf("%s: explanation %q", e.name, e.text)
		}
	}
	for code := range misuse {
		if code.Class() != ClassUser {
			t.Errorf("%v is listed as our own mistake, and is of class %v", code, code.Class())
		}
	}
	for code := range advice {
		if !code.Known() {
			t.Errorf("advice for %s, which is not in the table", code.Hex())
		}
	}
	for code := range fields {
		if !code.Known() {
			t.Errorf("a field for %s, which is not in the table", code.Hex())
		}
	}
}

// TestStatusConstants holds every constant against the vendor's name in its comment.
func TestStatusConstants(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "status.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(v.Names[0].Name, "Status") {
			return true
		}
		number, err := strconv.ParseUint(v.Values[0].(*ast.BasicLit).Value, 0, 32)
		if err != nil {
			t.Fatal(err)
		}
		want, _, _ := strings.Cut(strings.TrimSpace(v.Comment.Text()), ",")
		if got := Status(number).Name(); got != want {
			t.Errorf("%s is %#x, which is %s, want %s", v.Names[0].Name, number, got, want)
		}
		checked++
		return true
	})
	if checked < 40 {
		t.Errorf("only %d constants found", checked)
	}
}

func TestParseStatusTable(t *testing.T) {
	for _, c := range []struct{ name, text, err string }{
		{"good", "# head\n0x00000003 none NOT_FOUND no unit\n0x00000004 fatal FW_FAIL", ""},
		{"short line", "0x00000003 none", "line 1"},
		{"bad number", "0x1_ none X", "line 1"},
		{"number of more than 32 bits", "0x100000000 none X", "line 1"},
		{"unknown class", "0x00000003 odd X", `no class "odd"`},
		{"twice", "0x00000003 none X\n0x00000003 none Y", "comes twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := parseStatusTable(c.text)
			if c.err == "" {
				if err != nil || len(table) != 2 || table[3].text != "no unit" || table[4].text != "fw fail" {
					t.Fatalf("table %+v, %v", table, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Fatalf("error %v, want one with %q", err, c.err)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		status Status
		text   string
		class  Class
		kind   driver.Kind
		advice string // part of it
	}{
		{StatusOK, "PICO_OK (0x00000000)", ClassOK, driver.KindPermanent, ""},
		{StatusNotFound, "PICO_NOT_FOUND (0x00000003)", ClassNoUnit, driver.KindNotFound, "cable"},
		{StatusMaxUnitsOpened, "PICO_MAX_UNITS_OPENED (0x00000001)", ClassNoUnit, driver.KindTransient, "Close another"},
		{StatusNotResponding, "PICO_NOT_RESPONDING (0x00000007)", ClassDeviceLost, driver.KindDeviceGone, "cable"},
		{StatusPowerFailed, "PICO_POWER_FAILED (0x0000004C)", ClassDeviceLost, driver.KindDeviceGone, "supply"},
		{StatusBusy, "PICO_BUSY (0x00000027)", ClassBusy, driver.KindTransient, ""},
		{StatusWaitingForDataBuffers, "PICO_WAITING_FOR_DATA_BUFFERS (0x00000197)", ClassBusy, driver.KindTransient, ""},
		{StatusPowerSupplyNotConnected, "PICO_POWER_SUPPLY_NOT_CONNECTED (0x0000011A)", ClassPower, driver.KindTransient, "supply"},
		{StatusChannelOffOnUSBPower, "PICO_CHANNEL_DISABLED_DUE_TO_USB_POWERED (0x00000122)", ClassPowerLimit, driver.KindUnsupported, "supply"},
		{StatusInvalidVoltageRange, "PICO_INVALID_VOLTAGE_RANGE (0x0000000F)", ClassUser, driver.KindUnsupported, "range"},
		{StatusNullParameter, "PICO_NULL_PARAMETER (0x00000016)", ClassUser, driver.KindBug, ""},
		{StatusBufferStall, "PICO_BUFFER_STALL (0x0000001C)", ClassRunEnded, driver.KindTransient, "slow"},
		{StatusPermissions, "PICO_PERMISSIONS_ERROR (0x03000040)", ClassFatal, driver.KindPermanent, UdevRule},
		{StatusIPPNotFound, "PICO_IPP_NOT_FOUND (0x10000001)", ClassFatal, driver.KindNoLibrary, "libpicoipp"},
		{0x2F, "PICO_SHOTS_SWEEPS_WARNING (0x0000002F)", ClassWarning, driver.KindPermanent, ""},
		{StatusDeviceTimeStampReset, "PICO_DEVICE_TIME_STAMP_RESET (0x01000000)", ClassFlag, driver.KindPermanent, ""},
		{0x04, "PICO_FW_FAIL (0x00000004)", ClassFatal, driver.KindPermanent, "Unplug"},
		{0xDEADBEEF, "unknown status 0xDEADBEEF", ClassUnknown, driver.KindTransient, "number"},
	} {
		t.Run(c.status.Hex(), func(t *testing.T) {
			if got := c.status.String(); got != c.text {
				t.Errorf("text %q, want %q", got, c.text)
			}
			if c.status.Class() != c.class || c.status.Kind() != c.kind {
				t.Errorf("class %v kind %v, want %v %v", c.status.Class(), c.status.Kind(), c.class, c.kind)
			}
			if got := c.status.Advice(); !strings.Contains(got, c.advice) || c.advice == "" && got != "" {
				t.Errorf("advice %q, want some with %q", got, c.advice)
			}
			if c.status.Explanation() == "" || c.status.Class().String() == "" {
				t.Error("no explanation")
			}
			if got := c.status.IsWarning(); got != (c.class == ClassWarning) {
				t.Errorf("warning: %v", got)
			}
			if got := c.status.IsBusy(); got != (c.class == ClassBusy) {
				t.Errorf("busy: %v", got)
			}
		})
	}
}

func TestPowerCodes(t *testing.T) {
	var want []Status
	for s := range statusTable() {
		if s.IsPower() {
			want = append(want, s)
		}
	}
	slices.Sort(want)
	if got := PowerCodes(); !slices.Equal(got, want) {
		t.Errorf("power codes %v, want %v", got, want)
	}
	for _, c := range []struct {
		status, argument Status
		ok               bool
	}{
		{StatusPowerSupplyConnected, StatusPowerSupplyConnected, true},
		{StatusPowerSupplyNotConnected, StatusPowerSupplyNotConnected, true},
		{StatusUSB3DeviceNonUSB3Port, StatusUSB3DeviceNonUSB3Port, true},
		{StatusPowerUndervoltage, StatusPowerSupplyConnected, true},
		{StatusPowerRequestInvalid, StatusOK, false},
		{StatusOK, StatusOK, false},
		{StatusNotFound, StatusOK, false},
	} {
		if got, ok := c.status.Acknowledge(); got != c.argument || ok != c.ok {
			t.Errorf("%v is answered by %v, %v, want %v, %v", c.status, got, ok, c.argument, c.ok)
		}
	}
}

func TestStatusError(t *testing.T) {
	if err := Err("psOpenUnit", StatusOK); err != nil {
		t.Fatalf("OK is %v", err)
	}
	err := Err("psSetChannel", StatusInvalidVoltageRange)
	const text = "psSetChannel: range not available on this unit (PICO_INVALID_VOLTAGE_RANGE, 0x0000000F)"
	if err.Error() != text {
		t.Errorf("text %q, want %q", err, text)
	}
	wrapped := fmt.Errorf("set up channel A: %w", err)
	if !errors.Is(wrapped, StatusInvalidVoltageRange) || errors.Is(wrapped, StatusNotFound) {
		t.Error("errors.Is does not find the status")
	}
	if s, ok := StatusOf(wrapped); s != StatusInvalidVoltageRange || !ok {
		t.Errorf("status %v, %v", s, ok)
	}
	if s, ok := StatusOf(fmt.Errorf("bare: %w", StatusBusy)); s != StatusBusy || !ok {
		t.Errorf("bare status %v, %v", s, ok)
	}
	if _, ok := StatusOf(errors.New("other")); ok {
		t.Error("a status in an error without one")
	}
	if got := Err("f", 0xDEADBEEF).Error(); !strings.HasSuffix(got, "(0xDEADBEEF)") {
		t.Errorf("unknown code: %q", got)
	}
}

func TestDriverError(t *testing.T) {
	refused := Err("psRunStreaming", StatusInvalidSampleInterval)
	already := driver.Errorf(driver.KindBusy, "open", "in use")
	for _, c := range []struct {
		name, field       string
		err               error
		kind              driver.Kind
		wantField, wanted string
		call              string
	}{
		{"status with a field of its own", "", refused, driver.KindUnsupported, "stream.sample_interval", "streaming interval out of range", "psRunStreaming"},
		{"field of the caller", "channel.A.range", refused, driver.KindUnsupported, "channel.A.range", "streaming interval out of range", "psRunStreaming"},
		{"text around it is kept", "", fmt.Errorf("start: %w", refused), driver.KindUnsupported, "stream.sample_interval", "start: streaming interval out of range", "psRunStreaming"},
		{"no status", "resolution", errors.New("odd"), driver.KindPermanent, "resolution", "odd", ""},
		{"error of the contract", "", fmt.Errorf("x: %w", already), driver.KindBusy, "", "in use", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := DriverError(c.err, "configure", c.field)
			if d.Kind != c.kind || d.Field != c.wantField || d.Message != c.wanted || d.Status.Call != c.call {
				t.Errorf("%+v", d)
			}
			if c.call != "" && (d.Status.Name != "PICO_INVALID_SAMPLE_INTERVAL" || d.Op != "configure" || d.Advice == "" || !errors.Is(d, StatusInvalidSampleInterval)) {
				t.Errorf("%+v", d)
			}
		})
	}
	if DriverError(nil, "open", "") != nil {
		t.Error("nil becomes an error")
	}
}
