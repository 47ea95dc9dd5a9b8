package session

import (
	"crypto/sha512"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// TestSHA512: each data file of a run that asks for it has its SHA-512 in its metadata, as anybody computes it from the file; without, none has.
func TestSHA512(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, run string
		want      bool
	}{{"not asked for", "", false}, {"one file a stream", "sha512 = true", true}, {"segments", "sha512 = true\n  rotate = \"64KiB\"", true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			sum := l.wait(l.start(strings.Replace(header, `"1s"`, "\"1s\"\n  "+c.run, 1) + proof("cell", "SHA")))
			rec, err := recording.Open(sum.Dir)
			if err != nil {
				t.Fatal(err)
			}
			files := 0
			for _, st := range rec.Streams() {
				for _, g := range st.Segments() {
					b, err := os.ReadFile(filepath.Join(sum.Dir, g.DataFile()))
					if err != nil {
						t.Fatal(err)
					}
					want := ""
					if c.want {
						s := sha512.Sum512(b)
						want = hex.EncodeToString(s[:])
					}
					if g.Global.SHA512 != want {
						t.Errorf("%s: core:sha512 is %q", g.DataFile(), g.Global.SHA512)
					}
					files++
				}
			}
			if run := l.runFile(sum.Dir); run.SHA512 != c.want || files == 0 {
				t.Errorf("run.json says %v, %d files", run.SHA512, files)
			}
		})
	}
}
