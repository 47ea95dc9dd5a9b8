package dynlib

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// FuzzExplainFile looks at files of any content: the answer is one line, and this very program's own kind of file is
// never called foreign.
func FuzzExplainFile(f *testing.F) {
	if self, err := os.ReadFile(os.Args[0]); err == nil && len(self) > 256 {
		f.Add(self[:256])
		f.Add(self[:21])
	}
	f.Add([]byte("\x7fELF\x01\x01\x01"))
	f.Add([]byte("\x7fELF\x02\x02\x01" + strings.Repeat("\xff", 60)))
	f.Add([]byte{})
	path := filepath.Join(f.TempDir(), "library.so")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if why := explainFile(path); strings.Contains(why, "\n") || len(data) == 0 && why != "the file is empty" {
			t.Errorf("%q", why)
		}
	})
}

func TestExplainFileItself(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("programs are no ELF files here")
	}
	if why := explainFile(os.Args[0]); why != "" {
		t.Errorf("this program itself: %q", why)
	}
	if why := explainFile(filepath.Join(t.TempDir(), "absent")); why != whyAbsent {
		t.Errorf("absent: %q", why)
	}
}
