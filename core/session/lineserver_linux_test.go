package session

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestLineServerEndsInSpiteOfItsClients: who says nothing, says half of it, or does not take a long answer holds up neither
// another client nor the end; who has asked before is answered.
func TestLineServerEndsInSpiteOfItsClients(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "ls-") // short: the socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	long := strings.Repeat("x", 4<<20)
	asked, goOn := make(chan string, 10), make(chan struct{})
	s, err := serveLines(path, func(line []byte) any {
		asked <- string(line)
		if string(line) == "slow\n" {
			<-goOn
			return "answered"
		}
		return long
	})
	if err != nil {
		t.Fatal(err)
	}
	say := func(text string) net.Conn {
		t.Helper()
		conn, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	say("")
	say("half of a line")
	say("long\n")
	slow := say("slow\n")
	for range 2 { // what came as a whole has been read
		<-asked
	}
	ended := make(chan error, 1)
	began := time.Now()
	go func() { ended <- s.Close() }()
	close(goOn)
	if text, err := bufio.NewReader(slow).ReadString('\n'); err != nil || text != `"answered"`+"\n" {
		t.Errorf("the slow answer is %q, %v", text, err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(2 * controlTimeout):
		t.Fatal("it does not end")
	}
	if took := time.Since(began); took > controlTimeout/2 {
		t.Errorf("its clients have held it up for %v", took)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
}

// shortListener fails a few times before it accepts, as a process does that has no descriptor left for a moment.
type shortListener struct {
	*net.UnixListener
	fails int
}

func (l *shortListener) AcceptUnix() (*net.UnixConn, error) {
	if l.fails > 0 {
		l.fails--
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	return l.UnixListener.AcceptUnix()
}

// TestLineServerAcceptsAgain: a connection that could not be taken is not the end of the server.
func TestLineServerAcceptsAgain(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "ls-") // short: the socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	s := &lineServer{listener: &shortListener{l, 2}, path: path, answer: func([]byte) any { return "heard" }, knows: sameUser}
	s.wg.Go(s.accept)
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("x\n")); err != nil {
		t.Fatal(err)
	}
	if text, err := bufio.NewReader(conn).ReadString('\n'); err != nil || text != `"heard"`+"\n" {
		t.Errorf("the answer is %q, %v", text, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
