package shmring

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// specified reads the tables of docs/format/ring.md.
func specified(t *testing.T) []Field {
	t.Helper()
	text, err := os.ReadFile("../docs/format/ring.md")
	must(t, err)
	heading := regexp.MustCompile(`^### (Header|Lane entry|Descriptor), (\d+) bytes$`)
	row := regexp.MustCompile("^\\| (0x[0-9a-f]+) \\| (\\d+) \\| `([a-z0-9_]+)` \\|")
	names := map[string]string{"Header": "header", "Lane entry": "lane", "Descriptor": "desc"}
	var fields []Field
	var end Field // of the structure that is being read
	finish := func() {
		if end.Struct != "" {
			fields = append(fields, end)
		}
		end = Field{}
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if m := heading.FindStringSubmatch(line); m != nil {
			finish()
			end = Field{Struct: names[m[1]], Name: "sizeof", Size: number(t, m[2])}
		} else if m := row.FindStringSubmatch(line); m != nil && end.Struct != "" {
			fields = append(fields, Field{Struct: end.Struct, Name: m[3], Offset: number(t, m[1]), Size: number(t, m[2])})
		}
	}
	finish()
	return fields
}

func number(t *testing.T, text string) uintptr {
	t.Helper()
	n, err := strconv.ParseUint(text, 0, 32)
	must(t, err)
	return uintptr(n)
}

func TestLayoutMatchesSpecification(t *testing.T) {
	want := specified(t)
	if len(want) != 85 {
		t.Errorf("read %d fields from the specification", len(want))
	}
	if diff := cmp.Diff(want, Fields()); diff != "" {
		t.Errorf("layout (-specified +compiled)\n%s", diff)
	}
	if lines := strings.Count(FieldTable(), "\n"); lines != len(want) {
		t.Errorf("text table has %d lines, want %d", lines, len(want))
	}
}

func fieldNamed(t *testing.T, name string) Field {
	t.Helper()
	for _, f := range Fields() {
		if f.Struct+"."+f.Name == name {
			return f
		}
	}
	t.Fatalf("no field %q", name)
	return Field{}
}

// Each writer has cache lines of its own, and no two fields overlap.
func TestLayoutLines(t *testing.T) {
	end := map[string]uintptr{}
	for _, f := range Fields() {
		if f.Name == "sizeof" {
			continue
		}
		if f.Offset < end[f.Struct] {
			t.Errorf("%s.%s overlaps the field before", f.Struct, f.Name)
		}
		end[f.Struct] = f.Offset + f.Size
		if f.Size == 8 && f.Offset%8 != 0 {
			t.Errorf("%s.%s is not aligned", f.Struct, f.Name)
		}
	}
	for _, first := range []string{"header.core_state", "header.d_write", "header.d_read", "header.waiting", "header.room_bell", "lane.w_intent", "lane.r_pos"} {
		f := fieldNamed(t, first)
		if f.Offset%128 != 0 {
			t.Errorf("%s starts at %#x, in the middle of a line", first, f.Offset)
		}
	}
}
