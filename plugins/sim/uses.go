package main

import (
	"slices"
	"strings"
)

// What each signal, pattern and fault makes of its options, beyond those that all of a sort have.
var (
	everySignal = []string{"signal", "offset", "noise", "seed"}
	pulseUses   = []string{"amplitude", "width", "rise", "second_mean", "second_fraction", "runt_fraction", "runt_height"}
	signalUses  = map[string][]string{
		"sine":          {"frequency", "amplitude", "phase"},
		"square":        {"frequency", "amplitude", "phase", "duty"},
		"triangle":      {"frequency", "amplitude", "phase"},
		"ramp":          {"frequency", "amplitude", "phase"},
		"dc":            {},
		"pulses":        append(slices.Clone(pulseUses), "interval"),
		"random_pulses": append(slices.Clone(pulseUses), "mean_interval"),
		"noise":         {"amplitude"},
		"loopback":      {"gain"},
		"replay":        {"amplitude", "file", "format", "file_channel", "file_rate", "playback", "loop", "gain"},
	}

	everyPattern = []string{"pattern"}
	patternUses  = map[string][]string{
		"counter": {"frequency"}, "walking": {"frequency"}, "clock": {"frequency"}, "constant": {"value"}, "random": {}, "proof": {},
		"replay": {"file", "format", "file_rate", "playback", "loop"},
	}

	everyFault = []string{"at", "sample", "every", "call", "times"}
	faultUses  = map[string][]string{
		faultCrash: {"how"}, faultHang: {"how", "duration"}, faultStall: {"duration"}, faultLate: {"duration", "for"},
		faultBurst: {"count", "for"}, faultUneven: {"count", "for"}, faultLose: {"count", "announce", "cause"}, faultRefuse: {"kind"},
		faultFail: {"kind"}, faultUnplug: {"duration"}, faultPrint: {"count", "for", "output", "text"}, faultLie: {"what"},
	}
)

// onlyUsed refuses options that would be ignored: what is a sort of thing and its name, such as a signal "sine".
func onlyUsed(op string, v values, field, what string, every, uses []string) error {
	for _, o := range v.Values {
		if !slices.Contains(every, o.Name) && !slices.Contains(uses, o.Name) {
			legal := append(slices.Clone(every), uses...)
			return refuse(op, field+"."+o.Name, "", "a %s does not use %s; its options are %s", what, o.Name, strings.Join(legal, ", "))
		}
	}
	return nil
}
