package host

import (
	"strings"

	"github.com/scopelog/scopelog/driver/rpc"
)

// passed are the variables that plugins get from the host's environment, besides SCOPELOG_* and the locale.
var passed = map[string]bool{
	"HOME": true, "PATH": true, "LD_LIBRARY_PATH": true, "DYLD_LIBRARY_PATH": true, "LANG": true, "LANGUAGE": true,
	"TZ": true, "TMPDIR": true, "XDG_RUNTIME_DIR": true,
	// what programs on Windows cannot do without
	"SYSTEMROOT": true, "TEMP": true, "TMP": true, "USERPROFILE": true, "LOCALAPPDATA": true, "PROGRAMFILES": true,
}

// kept are the variables of ours that concern the host alone.
var kept = map[string]bool{"SCOPELOG_CONFIG": true, "SCOPELOG_PLUGINS": true, "SCOPELOG_OUTPUT": true}

// pluginEnviron chooses what a plugin gets of an environment; more is added last and so wins.
func pluginEnviron(all, more []string) []string {
	var out []string
	for _, kv := range all {
		name, _, ok := strings.Cut(kv, "=")
		if !ok || kept[name] || rpc.IsHandshakeVariable(name) {
			continue
		}
		if passed[strings.ToUpper(name)] || strings.HasPrefix(name, "SCOPELOG_") || strings.HasPrefix(name, "LC_") {
			out = append(out, kv)
		}
	}
	return append(out, more...)
}

// environment is a plugin's environment by name.
type environment map[string]string

// environmentOf reads a list of "NAME=value"; the last one of a name counts.
func environmentOf(list []string) environment {
	e := environment{}
	for _, kv := range list {
		if name, value, ok := strings.Cut(kv, "="); ok {
			e[name] = value
		}
	}
	return e
}

// or is a variable, or a value where it is not set or empty.
func (e environment) or(name, otherwise string) string {
	if v := e[name]; v != "" {
		return v
	}
	return otherwise
}
