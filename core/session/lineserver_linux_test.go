package session

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"strings"
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
