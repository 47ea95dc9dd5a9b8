package main

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// TestStatusOfRunsThatDoNotAnswer: runs that refuse to say where they stand, as another user records, are told of beside the others.
func TestStatusOfRunsThatDoNotAnswer(t *testing.T) {
	output, err := os.MkdirTemp("", "st-") // short: sockets lie in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(output) })
	status := session.Status{Dir: filepath.Join(output, "open"), State: session.StateRecording}
	for name, reply := range map[string]session.Reply{
		"a":    {Error: session.ErrRefused.Error()},
		"open": {OK: true, Status: &status},
		"z":    {Error: session.ErrRefused.Error()},
	} {
		dir := filepath.Join(output, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		run := recording.RunFile{Format: recording.RunFormat, FormatVersion: recording.FormatVersion, State: recording.StateRecording}
		text, err := run.Encode()
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, recording.FileRun), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("unix", filepath.Join(dir, "control.sock"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				_ = json.NewEncoder(conn).Encode(reply)
				conn.Close()
			}
		}()
	}
	a, out := newTestApp(t, map[string]string{"SCOPELOG_OUTPUT": output})
	if code := a.finish(newRoot(a).execute(context.Background(), []string{"status"})); code != 0 {
		t.Fatalf("exit code %d: %s", code, out.stderr.String())
	}
	text := out.stdout.String()
	for _, want := range []string{"a  records: only the user", "z  records: only the user", filepath.Join(output, "open") + "  recording"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}
