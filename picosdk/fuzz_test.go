package picosdk

import (
	"strings"
	"testing"
)

// FuzzParseUnitList reads what a library might leave in a buffer: no serial is empty, made up, or cut in the middle.
func FuzzParseUnitList(f *testing.F) {
	for _, s := range []string{"", "AB1/2,CD1/2", "AB1/2[5444DMSO],CD1/2[2406B]\x00rest", "-v", "[[],]", "a]b[c,d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, list string) {
		used, _, _ := strings.Cut(list, "\x00")
		for _, u := range ParseUnitList(list) {
			if u.Serial == "" || u.Serial != strings.TrimSpace(u.Serial) || strings.ContainsAny(u.Serial, ",[\x00") || !strings.Contains(used, u.Serial) {
				t.Errorf("serial %q of %q", u.Serial, list)
			}
			if strings.ContainsAny(u.Variant, "]\x00") || !strings.Contains(used, u.Variant) {
				t.Errorf("variant %q of %q", u.Variant, list)
			}
		}
	})
}

// FuzzParseVersion finds the version that it prints again, and orders it like itself.
func FuzzParseVersion(f *testing.F) {
	for _, s := range []string{"", "2.1.91.3194", "a 1.2.3.4\x00", "1.2.3.4.5", "..1.2.3.4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, ok := ParseVersion(text)
		if !ok {
			return
		}
		if again, ok := ParseVersion(v.String()); !ok || again != v || !v.AtLeast(again) {
			t.Errorf("%q is %v, which is %v, %v", text, v, again, ok)
		}
	})
}
