package rpc

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

// TestSocketIsTheUsersAlone: the socket and its folder, whatever umask the plugin has.
func TestSocketIsTheUsersAlone(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"ok", "umask"} {
		c := startFake(t, mode)
		address := c.Attachment().Address
		for path, want := range map[string]fs.FileMode{address: 0o600, filepath.Dir(address): 0o700} {
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %s is %v, %v", mode, path, info.Mode(), err)
			}
		}
		if _, err := c.Describe(t.Context()); err != nil {
			t.Error(err)
		}
		c.Kill()
	}
}

// TestOfferedSocket: a plugin cannot make its host touch or use anything that is not its own socket.
func TestOfferedSocket(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	victim := filepath.Join(dir, "victim")
	if err := os.WriteFile(victim, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	other, err := net.Listen("unix", filepath.Join(dir, "other"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := os.Chmod(filepath.Join(dir, "other"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"link-to-file": victim, "link-to-socket": filepath.Join(dir, "other")} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if err := closeToOthers(filepath.Join(dir, name)); !errors.Is(err, errNoSocket) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := closeToOthers(victim); !errors.Is(err, errNoSocket) {
		t.Errorf("a file: %v", err)
	}
	if err := closeToOthers(filepath.Join(dir, "missing")); err != nil {
		t.Errorf("nothing there: %v", err)
	}
	for name, want := range map[string]fs.FileMode{"victim": 0o644, "other": 0o777} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s was touched: %v, %v", name, info.Mode(), err)
		}
	}
	c, err := Start(t.Context(), fakeOptions(t, "linksocket="+victim))
	if err == nil {
		c.Kill()
		t.Fatal("started")
	}
	checkError(t, err, driver.KindNotPlugin, "it is no socket")
	if info, err := os.Stat(victim); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the link was followed: %v, %v", info.Mode(), err)
	}
}
