package host

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzReadLock: whatever a lock file holds, reading it ends; what it names are names of plugins; and what was read is the
// same when it is written and read again.
func FuzzReadLock(f *testing.F) {
	sum := strings.Repeat("0a", 32)
	for _, s := range []string{"", sum + "  sim\n", sum + " *a/b\\sim\n", "# x\n\n" + sum + "  sim", sum + "  ../sim\n" + sum + "  ..", "0a sim", strings.Repeat("x", 70_000)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "lock")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := ReadLock(path)
		if err != nil {
			return
		}
		for name, sum := range l.Sums {
			if !pluginName.MatchString(name) || !strings.Contains(strings.ToLower(string(b)), hex.EncodeToString(sum[:])) {
				t.Errorf("%q has the checksum %x", name, sum)
			}
		}
		if err := l.write(); err != nil {
			t.Fatal(err)
		}
		again, err := ReadLock(path)
		if err != nil || len(again.Sums) != len(l.Sums) {
			t.Fatalf("what was written reads as %v, %v", again, err)
		}
		for name, sum := range l.Sums {
			if again.Sums[name] != sum {
				t.Errorf("%s: %x became %x", name, sum, again.Sums[name])
			}
		}
	})
}

// FuzzRecord: whatever lies in a state folder that a dead host has left, looking for its plugins ends, and nobody is
// taken for one whose start time is another.
func FuzzRecord(f *testing.F) {
	good, err := json.Marshal(Record{BootID: bootID(), PID: os.Getpid(), StartTime: 1, Driver: "sim", OrphanNS: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	for _, s := range []string{"", "{}", `{"pid":-1}`, `{"pid":1e30}`, `{"rings":[{"fd":-1}]}`, `[]`, `{"boot_id":5}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "1"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "1", recordFile), b, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, o := range orphansIn(dir, []string{"sim"}) {
			if o.PID == os.Getpid() {
				t.Errorf("this process is taken for a plugin: %+v", o)
			}
			if o.Wait < 0 {
				t.Errorf("a wait of %v", o.Wait)
			}
		}
		anyAlive(dir)
	})
}
