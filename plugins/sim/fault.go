package main

import (
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// The kinds of faults.
const (
	faultCrash  = "crash"  // the process dies
	faultHang   = "hang"   // a call, or the acquisition, does not return
	faultStall  = "stall"  // the unit answers but delivers nothing; what is due comes afterwards
	faultLate   = "late"   // deliveries come late by chance
	faultBurst  = "burst"  // some deliveries bring nothing, the next brings all
	faultUneven = "uneven" // the channels are not equally far in a delivery
	faultLose   = "lose"   // samples are lost
	faultRefuse = "refuse" // a call fails
	faultFail   = "fail"   // the acquisition fails
	faultUnplug = "unplug" // the unit goes away and comes back later
	faultPrint  = "print"  // text on stdout or stderr, as vendor libraries write it
	faultLie    = "lie"    // untruths in the ring
)

// faultKinds lists what each kind may be triggered by.
var faultKinds = []struct {
	name         string
	call, stream bool
	needsWhen    bool
}{
	{faultCrash, true, true, true},
	{faultHang, true, true, true},
	{faultStall, false, true, true},
	{faultLate, false, true, false},
	{faultBurst, false, true, false},
	{faultUneven, false, true, false},
	{faultLose, false, true, true},
	{faultRefuse, true, false, false},
	{faultFail, false, true, true},
	{faultUnplug, false, true, true},
	{faultPrint, true, true, true},
	{faultLie, false, true, true},
}

// The calls that a fault can hit.
const (
	callOpen         = "open"
	callDiscover     = "discover"
	callCapabilities = "capabilities"
	callConfigure    = "configure"
	callStart        = "start"
	callStop         = "stop"
	callClose        = "close"
)

// The words of the fault options.
const (
	announceExact   = "exact"
	announceUnknown = "unknown"
	announceNone    = "none"

	howSegv  = "segv"
	howAbort = "abort"
	howKill  = "kill"
	howPanic = "panic"
	howExit  = "exit"
	howBlock = "block"
	howSpin  = "spin"
	howStop  = "stop"

	outputStdout = "stdout"
	outputStderr = "stderr"
	outputBoth   = "both"
)

var (
	callNames     = []string{callOpen, callDiscover, callCapabilities, callConfigure, callStart, callStop, callClose}
	announceNames = []string{announceExact, announceUnknown, announceNone}
	outputNames   = []string{outputBoth, outputStdout, outputStderr}
	crashHows     = []string{howSegv, howAbort, howKill, howPanic, howExit}
	hangHows      = []string{howBlock, howSpin, howStop}
	howNames      = append(slices.Clone(crashHows), hangHows...)

	causes = []struct {
		name  string
		cause driver.Cause
	}{{"usb", driver.CauseUSB}, {"driver", driver.CauseDriver}, {"power", driver.CausePower}, {"unknown", driver.CauseUnknown}}

	errorKinds = []struct {
		name string
		kind driver.Kind
	}{
		{"transient", driver.KindTransient},
		{"permanent", driver.KindPermanent},
		{"unsupported", driver.KindUnsupported},
		{"not_found", driver.KindNotFound},
		{"busy", driver.KindBusy},
		{"no_library", driver.KindNoLibrary},
		{"device_gone", driver.KindDeviceGone},
	}
)

func faultNames() (names []string) {
	for _, k := range faultKinds {
		names = append(names, k.name)
	}
	return names
}

func causeNames() (names []string) {
	for _, c := range causes {
		names = append(names, c.name)
	}
	return names
}

func kindNames() (names []string) {
	for _, k := range errorKinds {
		names = append(names, k.name)
	}
	return names
}

// fault is one fault block. It does not change.
type fault struct {
	number int // among the device's faults
	kind   string

	call      string         // triggered by a call; empty: during the acquisition
	bySample  bool           // at sample, else at a time
	at        units.Interval // from the start
	sample    int64          // hardware index
	every     units.Interval // repeated after this; 0: no
	times     int64          // 0: always
	count     int64
	duration  int64 // ns
	lasts     int64 // ns; 0: until the stop
	announce  string
	cause     driver.Cause
	errorKind driver.Kind
	how       string
	output    string
	text      string
	what      string
}

// parseFaults reads the fault blocks of checked options.
func parseFaults(op string, o driver.Options) ([]fault, error) {
	var list []fault
	for i, b := range o.BlocksNamed("fault") {
		f, err := parseFault(op, i, b)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

func parseFault(op string, n int, b driver.OptionBlock) (fault, error) {
	kind := b.Labels[0]
	field := driverName + ".fault." + kind
	row := slices.IndexFunc(faultKinds, func(k struct {
		name         string
		call, stream bool
		needsWhen    bool
	},
	) bool {
		return k.name == kind
	})
	if row < 0 {
		return fault{}, refuse(op, field, `"`+closest(kind, faultNames())+`"`, "there is no fault %q; write one of %s", kind, strings.Join(faultNames(), ", "))
	}
	v := values{b.Options}
	if err := onlyUsed(op, v, field, "fault "+kind, everyFault, faultUses[kind]); err != nil {
		return fault{}, err
	}
	f := fault{
		number: n, kind: kind, call: v.text("call", ""), bySample: v.has("sample"), at: units.Interval{Rational: v.number("at", units.Rational{})},
		sample: v.count("sample", 0), every: units.Interval{Rational: v.number("every", units.Rational{})}, times: v.count("times", 1),
		count: v.count("count", defaultCount[kind]), duration: v.nanoseconds("duration", defaultDuration[kind]), lasts: v.nanoseconds("for", 0),
		announce: v.text("announce", announceExact), output: v.text("output", outputBoth), how: v.text("how", ""),
		text: v.text("text", "sim: a vendor library speaks"), what: v.text("what", lieNames[0]),
	}
	if v.has("every") {
		f.times = v.count("times", 0)
	}
	for _, c := range causes {
		if c.name == v.text("cause", causes[0].name) {
			f.cause = c.cause
		}
	}
	for _, k := range errorKinds {
		if k.name == v.text("kind", errorKinds[0].name) {
			f.errorKind = k.kind
		}
	}
	if kind == faultRefuse && f.call == "" {
		f.call = callOpen
	}
	return f, f.check(op, field, v, row)
}

// check refuses what does not go together, and fills in how.
func (f *fault) check(op, field string, v values, row int) error {
	set := 0
	for _, name := range []string{"at", "sample", "call"} {
		if v.has(name) {
			set++
		}
	}
	k := faultKinds[row]
	switch {
	case set > 1:
		return refuse(op, field, "", "at, sample and call exclude each other")
	case set == 0 && k.needsWhen:
		return refuse(op, field, "", "fault %q needs to know when: give at, sample or call", f.kind)
	case f.call != "" && !k.call:
		return refuse(op, field+".call", "", "fault %q happens during the acquisition: give at or sample", f.kind)
	case (v.has("at") || v.has("sample")) && !k.stream:
		return refuse(op, field, "", "fault %q happens in a call: give call", f.kind)
	case f.every.Sign() < 0 || v.has("every") && (f.every.IsZero() || f.call != ""):
		return refuse(op, field+".every", "", "every is a time above 0, with at or sample")
	}
	hows, usual := crashHows, howSegv
	if f.kind == faultHang {
		hows, usual = hangHows, howBlock
	}
	if f.how == "" {
		f.how = usual
	} else if (f.kind == faultCrash || f.kind == faultHang) && !slices.Contains(hows, f.how) {
		return refuse(op, field+".how", `"`+usual+`"`, "fault %q cannot be %q; write one of %s", f.kind, f.how, strings.Join(hows, ", "))
	}
	return nil
}

var (
	defaultCount    = map[string]int64{faultLose: 1000, faultUneven: 100, faultBurst: 5, faultPrint: 10}
	defaultDuration = map[string]int64{faultLate: 100e6, faultUnplug: 5e9}
)
