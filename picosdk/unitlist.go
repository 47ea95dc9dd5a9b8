package picosdk

import "strings"

// ListOptions is what the buffer holds when units are enumerated, so that current libraries add the variant to each
// serial; older ones ignore it.
const ListOptions = "-v"

// ListedUnit is one unit in the answer of an enumeration.
type ListedUnit struct {
	Serial  string
	Variant string // empty where the library does not tell
}

// ParseUnitList reads the list of an enumeration: serials between commas, each followed by its variant in brackets
// where the library tells it ("AB123/0456[5444DMSO],CD1/2"). Bytes from the first NUL on, blanks, and entries without
// a serial are left out, and so are the options of the request when an old library left them in the buffer.
func ParseUnitList(list string) []ListedUnit {
	list, _, _ = strings.Cut(list, "\x00")
	var found []ListedUnit
	for _, entry := range splitOutside(list) {
		serial, rest, has := strings.Cut(entry, "[")
		u := ListedUnit{Serial: strings.TrimSpace(serial)}
		if has {
			variant, _, _ := strings.Cut(rest, "]")
			u.Variant = strings.TrimSpace(variant)
		}
		if u.Serial != "" && !strings.HasPrefix(u.Serial, "-") {
			found = append(found, u)
		}
	}
	return found
}

// splitOutside splits at commas that stand outside of brackets.
func splitOutside(list string) []string {
	var parts []string
	depth, from := 0, 0
	for i := range len(list) {
		switch c := list[i]; {
		case c == '[':
			depth++
		case c == ']':
			depth = max(depth-1, 0)
		case c == ',' && depth == 0:
			parts = append(parts, list[from:i])
			from = i + 1
		}
	}
	return append(parts, list[from:])
}
