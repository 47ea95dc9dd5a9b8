package session

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// crowdedRun is the folder of a run that calls itself recording, with a server of its own.
func crowdedRun(t *testing.T, answer func(line []byte) any) (dir string, s *lineServer) {
	t.Helper()
	dir, err := os.MkdirTemp("", "ls-") // short: the socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	run := recording.RunFile{FormatVersion: recording.FormatVersion, State: recording.StateRecording}
	text, err := json.Marshal(run)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, recording.FileRun), text, 0o600)
	}
	if err == nil {
		s, err = serveLines(filepath.Join(dir, "control.sock"), answer)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir, s
}

// TestSilentClientsLockNobodyOut: however many connections say nothing, who asks is answered, once.
func TestSilentClientsLockNobodyOut(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	dir, s := crowdedRun(t, func([]byte) any {
		asked.Add(1)
		return Reply{FormatVersion: ControlVersion, OK: true}
	})
	crowd := func() {
		for range 3 * mostClients {
			conn, err := net.Dial("unix", s.path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { conn.Close() })
		}
	}
	for n := range int64(5) {
		crowd()
		if heard, err := askOnce(context.Background(), s.path, dir, Request{Op: OpMark}, &Reply{}); !heard || err != nil || asked.Load() != n+1 {
			t.Fatalf("behind a crowd of silent clients question %d is heard as %d: %v", n, asked.Load(), err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Control(context.Background(), dir, Request{Op: OpMark}); !errors.Is(err, ErrNotRunning) {
		t.Errorf("behind the end: %v", err)
	}
}

// TestBusyServerIsAskedAgain: while all places are taken by questions that are being answered, a further one waits; it is not told that nobody records.
func TestBusyServerIsAskedAgain(t *testing.T) {
	t.Parallel()
	busy, goOn := make(chan struct{}, mostClients), make(chan struct{})
	var asked atomic.Int64
	dir, s := crowdedRun(t, func([]byte) any {
		if asked.Add(1) <= mostClients {
			busy <- struct{}{}
			<-goOn
		}
		return Reply{FormatVersion: ControlVersion, OK: true}
	})
	ask := func(ctx context.Context, result chan error) {
		_, err := Control(ctx, dir, Request{Op: OpMark})
		result <- err
	}
	results := make(chan error, mostClients+1)
	for range mostClients {
		go ask(context.Background(), results)
	}
	for range mostClients {
		<-busy
	}
	if heard, err := askOnce(context.Background(), s.path, dir, Request{Op: OpMark}, &Reply{}); heard {
		t.Errorf("one more is heard: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if _, err := Control(ctx, dir, Request{Op: OpMark}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one more, for a moment: %v", err)
	}
	go ask(context.Background(), results)
	close(goOn)
	for range mostClients + 1 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if asked.Load() != mostClients+1 {
		t.Errorf("%d were heard", asked.Load())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestOtherUsersAreToldSo: a process of another user hears why it is not answered, at once.
func TestOtherUsersAreToldSo(t *testing.T) {
	t.Parallel()
	dir, s := crowdedRun(t, func([]byte) any { panic("it is heard") })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: s.path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	other := &lineServer{listener: l, path: s.path, answer: s.answer, knows: func(*net.UnixConn) bool { return false }}
	other.wg.Go(other.accept)
	for range 20 {
		if heard, err := askOnce(context.Background(), s.path, dir, Request{Op: OpMark}, &Reply{}); !heard || !errors.Is(err, ErrRefused) {
			t.Fatalf("heard %v: %v", heard, err)
		}
	}
	if _, err := Control(context.Background(), dir, Request{Op: OpStatus}); !errors.Is(err, ErrRefused) {
		t.Error(err)
	}
	if err := other.Close(); err != nil {
		t.Error(err)
	}
}

// TestMarkIsNotRepeated: a mark that was read as a whole is not sent again when no answer comes; a question is.
func TestMarkIsNotRepeated(t *testing.T) {
	t.Parallel()
	dir, s := crowdedRun(t, nil)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = bufio.NewReader(conn).ReadBytes('\n')
			conn.Close() // it has died over it
		}
	}()
	for op, repeated := range map[string]bool{OpMark: false, OpTrigger: false, OpStatus: true} {
		if heard, err := askOnce(context.Background(), s.path, dir, Request{Op: op}, &Reply{}); heard == repeated || err == nil {
			t.Errorf("%s: heard %v, %v", op, heard, err)
		}
	}
}
