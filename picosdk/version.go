package picosdk

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// Version is the version of a vendor library: four numbers.
type Version [4]int

var versionText = regexp.MustCompile(`(?:^|[^\d.])(\d{1,9})\.(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:$|[^\d.])`)

// ParseVersion finds the first d.d.d.d in a text: libraries write words before it on Linux and macOS, and old ones
// leave NUL bytes behind it. ok is false when there is none.
func ParseVersion(text string) (v Version, ok bool) {
	m := versionText.FindStringSubmatch(text)
	if m == nil {
		return v, false
	}
	for i := range v {
		v[i], _ = strconv.Atoi(m[i+1]) // nine digits fit
	}
	return v, true
}

// Compare returns -1, 0 or 1.
func (v Version) Compare(o Version) int { return slices.Compare(v[:], o[:]) }

// AtLeast tells whether v is o or newer.
func (v Version) AtLeast(o Version) bool { return v.Compare(o) >= 0 }

// String prints "2.1.91.3194".
func (v Version) String() string { return fmt.Sprintf("%d.%d.%d.%d", v[0], v[1], v[2], v[3]) }
