package outfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "x.bin")
	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := f.Write([]byte(strings.Repeat("a", bufferSize/2))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.WriteAt([]byte("bc"), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("bc"), f.Bytes()); err == nil {
		t.Error("wrote behind the end")
	}
	if _, err := f.Write([]byte("z")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is there before it is complete: %v", err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Discard()
	b, err := os.ReadFile(name)
	if want := "abc" + strings.Repeat("a", 3*bufferSize/2-3) + "z"; err != nil || string(b) != want {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	if _, err := Create(name); !errors.As(err, new(*ExistsError)) {
		t.Errorf("a file that is there: %v", err)
	}
	if _, err := Create(filepath.Join(dir, "no", "x")); !errors.As(err, new(*FolderError)) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// TestDiscard: nothing is left, and a name that was taken meanwhile is not replaced.
func TestDiscard(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "x.bin")
	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	f.Discard()
	g, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := g.Commit(); !errors.As(err, new(*ExistsError)) {
		t.Errorf("replaced: %v", err)
	}
	list, err := os.ReadDir(dir)
	if b, _ := os.ReadFile(name); err != nil || len(list) != 1 || string(b) != "theirs" {
		t.Errorf("left %v, %q, %v", list, b, err)
	}
}

// TestNamesThatAreTaken tells what is there.
func TestNamesThatAreTaken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder, link := filepath.Join(dir, "folder"), filepath.Join(dir, "link")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]string{folder: "a folder", link: "a link", os.DevNull: "no ordinary file"} {
		if err := os.Symlink("nowhere", link); err != nil && !errors.Is(err, os.ErrExist) {
			t.Skip(err)
		}
		var exists *ExistsError
		if err := Check(name); !errors.As(err, &exists) || exists.Kind != kind || !strings.Contains(err.Error(), kind) {
			t.Errorf("%s: %v, want %s", name, err, kind)
		}
	}
}

// TestSweep: what nobody writes any more is removed, and nothing else.
func TestSweep(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("nothing is removed there")
	}
	t.Parallel()
	dir := t.TempDir()
	abandoned := []string{filepath.Join(dir, ".x.npy.123"+PartSuffix), filepath.Join(dir, ".y.csv.4"+PartSuffix)}
	others := []string{"x.npy", ".x.npy.123.part", "x" + PartSuffix}
	for _, path := range abandoned {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range others {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("theirs"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, ".folder"+PartSuffix), 0o700); err != nil {
		t.Fatal(err)
	}
	written, err := Create(filepath.Join(dir, "z.npy"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(abandoned, Sweep(dir)); diff != "" {
		t.Errorf("removed (-want +got)\n%s", diff)
	}
	if _, err := written.Write([]byte("whole")); err != nil {
		t.Fatal(err)
	}
	if err := written.Commit(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "z.npy")); err != nil || string(b) != "whole" {
		t.Errorf("what was written meanwhile is %q, %v", b, err)
	}
	if again := Sweep(dir); len(again) > 0 {
		t.Errorf("a second time: %v", again)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != len(others)+2 {
		t.Errorf("left are %v, %v", list, err)
	}
	if Sweep(filepath.Join(dir, "none")) != nil {
		t.Error("a folder that is not there has files")
	}
}

// TestSweepWhileFilesBegin: a file that is swept away between its making and its lock is begun again.
func TestSweepWhileFilesBegin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	end, swept := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(swept)
		for {
			select {
			case <-end:
				return
			default:
				Sweep(dir)
			}
		}
	}()
	for i := range 200 {
		name := filepath.Join(dir, fmt.Sprintf("x%d", i))
		f, err := Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Commit(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	close(end)
	<-swept
}

// TestErrorsNameTheFile: what the system refuses is told with the name that was asked for.
func TestErrorsNameTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	begin := func(name string) *Pending {
		p, err := Begin(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct {
		name string
		try  func() error
	}{
		{"closed.bin", func() error {
			p := begin("closed.bin")
			p.f.Close()
			return p.Commit()
		}},
		{"gone.bin", func() error {
			p := begin("gone.bin")
			os.Remove(p.f.Name())
			return p.Commit()
		}},
		{strings.Repeat("n", 256), func() error {
			_, err := Begin(filepath.Join(dir, strings.Repeat("n", 256)))
			return err
		}},
	} {
		err := c.try()
		if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, c.name)) || strings.Contains(err.Error(), PartSuffix) {
			t.Errorf("%.10s: %v", c.name, err)
		}
	}
	if list, _ := os.ReadDir(dir); len(list) > 0 {
		t.Errorf("left %v", list)
	}
	long := filepath.Join(dir, strings.Repeat("ü", 127))
	f, err := Create(long)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Errorf("the longest name: %v", err)
	}
}

// TestReplace: what is there stays until its successor is complete.
func TestReplace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "x.bin")
	have := func(want string) {
		t.Helper()
		list, err := os.ReadDir(dir)
		if b, _ := os.ReadFile(name); err != nil || len(list) > 1 || string(b) != want {
			t.Errorf("%v, %q, %v; want %q", list, b, err, want)
		}
	}
	for _, c := range []struct {
		text   string
		commit bool
		want   string
	}{{"first", true, "first"}, {"second", true, "second"}, {"given up", false, "second"}} {
		f, err := Replace(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(c.text)); err != nil {
			t.Fatal(err)
		}
		if c.commit {
			if err := f.Commit(); err != nil {
				t.Fatal(err)
			}
		}
		f.Discard()
		have(c.want)
	}
	if _, err := Replace(filepath.Join(dir, "no", "x")); !errors.As(err, new(*FolderError)) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := Replace(filepath.Join(dir, "folder"))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err == nil {
		t.Error("a folder was replaced")
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 2 {
		t.Errorf("left %v, %v", list, err)
	}
}

// TestWriteAt writes more than the system is left to keep to itself, in parts that are not in order.
func TestWriteAt(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "x.bin")
	p, err := Begin(name)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Discard()
	const parts, size = 9, mostBehind / 4
	for i := range parts {
		k := (i*5 + 2) % parts
		part := []byte(strings.Repeat(string(rune('a'+k)), size))
		if n, err := p.WriteAt(part, int64(k*size)); n != size || err != nil {
			t.Fatal(n, err)
		}
	}
	if err := p.Commit(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if err != nil || len(got) != parts*size {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	for k := range parts {
		if part := string(got[k*size : (k+1)*size]); strings.Trim(part, string(rune('a'+k))) != "" {
			t.Errorf("part %d is not what was written", k)
		}
	}
	if _, err := p.WriteAt([]byte("x"), 0); err == nil || strings.Contains(err.Error(), PartSuffix) {
		t.Errorf("behind the end: %v", err)
	}
}
