package plan

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

var (
	deviceName  = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)
	channelName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)
	driverText  = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)
	keyText     = regexp.MustCompile(`^[a-z0-9_-]+$`)
	runName     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)
	windowsName = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)
)

// checkName reports a name that cannot be part of file names everywhere.
func (d *decoder) checkName(name, what string, rule *regexp.Regexp, ruleText string, r hcl.Range) bool {
	switch {
	case windowsName.MatchString(name):
		d.p.add(errorAt(r, fmt.Sprintf("%q cannot be the name of a %s", name, what), fmt.Sprintf("Windows keeps this name for itself. Write another, such as %q.", name+"_1")))
	case !rule.MatchString(name):
		detail := "Names have " + ruleText + "."
		if better := tidyName(name, rule); better != "" {
			detail = fmt.Sprintf("Write %q, for example. Names have %s.", better, ruleText)
		}
		d.p.add(errorAt(r, fmt.Sprintf("%q cannot be the name of a %s", name, what), detail))
	default:
		return true
	}
	return false
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// tidyName makes a legal name out of one that is not, if that is easy.
func tidyName(name string, rule *regexp.Regexp) string {
	for _, try := range []string{name, strings.ToLower(name)} {
		try = strings.Trim(notInNames.ReplaceAllString(try, "-"), "-")
		if len(try) > 32 {
			try = strings.TrimRight(try[:32], "-_")
		}
		if try != name && rule.MatchString(try) && !windowsName.MatchString(try) {
			return try
		}
	}
	return ""
}

const (
	deviceNameRule  = "1 to 32 of the letters a-z, digits, _ and -, beginning with a letter"
	channelNameRule = "1 to 32 letters, digits, _ and -"
	runNameRule     = "1 to 64 letters, digits, _ and -, beginning with a letter or digit"
)
