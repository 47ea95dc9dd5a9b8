package rpc

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
)

// TestStartFaults starts programs that are no good plugins. Each must give the right kind and say what a person can
// use, and leave nothing behind (TestMain and socketDir look).
func TestStartFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		mode string
		kind driver.Kind
		want []string
	}{
		{"dies before the handshake", "exit", driver.KindNotPlugin, []string{"ended with status 9", "libfake.so: cannot open"}},
		{"prints before the handshake", "print=PicoIPP version 1.2 loaded", driver.KindNotPlugin, []string{`printed "PicoIPP version 1.2 loaded"`}},
		{"prints without end", "longline", driver.KindNotPlugin, []string{"printed", "xxx"}},
		{"prints control characters", "print=\x1b[2J\x07evil", driver.KindNotPlugin, []string{`"\x1b[2J\aevil"`}},
		{"says nothing", "silent", driver.KindPluginHung, []string{"did not say in time"}},
		{"newer protocol", "print=1|2|unix|/x|grpc|", driver.KindPluginVersion, []string{"speaks protocol 2", "scopelog 0.1 speaks 1", "update scopelog"}},
		{"older protocol", "print=1|0|unix|/x|grpc|", driver.KindPluginVersion, []string{"speaks protocol 0", "update the plugin"}},
		{"protocol that is no number", "print=1|x|unix|/x|grpc|", driver.KindNotPlugin, []string{"cannot be spoken to"}},
		{"foreign socket", "print=1|1|unix|/tmp/elsewhere/s|grpc|", driver.KindNotPlugin, []string{"/tmp/elsewhere/s", "not in its folder"}},
		{"foreign network", "print=1|1|tcp|10.0.0.1:80|grpc|", driver.KindNotPlugin, []string{"tcp 10.0.0.1:80"}},
		{"another transport", "print=1|1|unix|SOCKETDIR/s|netrpc|", driver.KindNotPlugin, []string{"cannot be spoken to"}},
		{"refuses our protocol", "refuse", driver.KindPluginVersion, []string{"fake 1.2.3 speaks protocol 1", "scopelog 0.1 speaks 2-3", "update fake"}},
		{"nobody listens", "deadsocket", driver.KindPluginGone, []string{"connection", "broken"}},
		{"listens and does nothing", "mute", driver.KindPluginHung, []string{"does not answer"}},
		{"is stopped when asked who it is", "ok,stop-describe", driver.KindPluginHung, []string{"did not answer"}},
		{"crashes when asked who it is", "ok,panic-describe", driver.KindPluginGone, []string{"status 2", "panic: fake driver panics in describe"}},
		{"hangs when asked who it is", "ok,hang-describe", driver.KindPluginHung, []string{"did not answer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := fakeOptions(t, c.mode)
			o.StartTimeout = 10 * time.Second
			if c.kind == driver.KindPluginHung {
				o.StartTimeout = time.Second
			}
			cl, err := Start(t.Context(), o)
			if err == nil {
				cl.Kill()
				t.Fatal("started")
			}
			checkError(t, err, c.kind, c.want...)
		})
	}
}

// checkError wants a driver error of a kind whose text has the given parts and nothing that harms a terminal.
func checkError(t *testing.T, err error, kind driver.Kind, want ...string) {
	t.Helper()
	var e *driver.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T) is no *driver.Error", err, err)
	}
	if e.Kind != kind {
		t.Errorf("kind %v, want %v: %v", e.Kind, kind, err)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q lacks %q", err, w)
		}
	}
	if strings.ContainsAny(err.Error(), "\x1b\x07\n") {
		t.Errorf("error %q has control characters", err)
	}
	t.Log(err)
}

func TestNoProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		name, path string
		kind       driver.Kind
		want       []string
	}{
		{"missing", filepath.Join(dir, "missing"), driver.KindNotPlugin, []string{"missing cannot be started", "no such file"}},
		{"not executable", write("plain", "#!/bin/sh\n", 0o644), driver.KindNotPlugin, []string{"permission denied"}},
		{"no program", write("text", "not a program", 0o755), driver.KindNotPlugin, []string{"exec format error"}},
		{"a folder", dir, driver.KindNotPlugin, []string{"cannot be started"}},
		{"no interpreter", write("script", "#!/nonexistent/sh\n", 0o755), driver.KindNotPlugin, []string{"no such file"}},
		{"another program", write("echo", "#!/bin/sh\necho hello\n", 0o755), driver.KindNotPlugin, []string{`printed "hello"`}},
		{"a quiet program", write("true", "#!/bin/sh\nexit 0\n", 0o755), driver.KindNotPlugin, []string{"ended with status 0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := fakeOptions(t, "ok")
			o.Path = c.path
			cl, err := Start(t.Context(), o)
			if err == nil {
				cl.Kill()
				t.Fatal("started")
			}
			checkError(t, err, c.kind, c.want...)
		})
	}
}

func TestSocketDirTooLong(t *testing.T) {
	t.Parallel()
	o := fakeOptions(t, "ok")
	o.SocketDir = "/" + strings.Repeat("x", MaxSocketDir)
	_, err := Start(t.Context(), o)
	checkError(t, err, driver.KindPermanent, "too long", "XDG_RUNTIME_DIR")
}

func TestStartCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := Start(ctx, fakeOptions(t, "silent"))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's error", err)
	}
}

// TestByHand starts the plugin as a person would.
func TestByHand(t *testing.T) {
	t.Parallel()
	text := byHand(fakeDriver{})
	for _, want := range []string{"fake 1.2.3 is a driver plugin", "plugins info fake"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
}
