package session

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"
	"time"
)

const (
	requestTime = time.Second     // for the line of a request, from the connection on
	answerTime  = 2 * time.Second // for taking an answer that does not fit into the socket
	// lastAnswer is how long a client may take its time over an answer when the server is to end.
	lastAnswer = time.Second
	// mostClients bounds the connections served at once.
	mostClients = 16
)

// acceptPause is how long it waits when a connection could not be taken, as for want of descriptors.
const acceptPause = 100 * time.Millisecond

// lineServer answers requests of one line each, one a connection, from processes of the same user. A client that says nothing
// or does not read holds up itself alone: neither the others, whom it gives way to when there are too many, nor the end.
type lineServer struct {
	listener interface {
		AcceptUnix() (*net.UnixConn, error)
		Close() error
	}
	path   string
	answer func(line []byte) any // to be written as JSON; called from any goroutine
	knows  func(conn *net.UnixConn) bool
	wg     sync.WaitGroup

	mu      sync.Mutex // guards what follows
	open    []*client  // oldest first
	closing bool
}

// client is one connection.
type client struct {
	conn  *net.UnixConn
	asked bool // its request is being answered; guarded by the server's mu
}

// serveLines listens at path, which is the user's alone, until Close.
func serveLines(path string, answer func(line []byte) any) (*lineServer, error) {
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("control socket: %w", err), l.Close())
	}
	s := &lineServer{listener: l, path: path, answer: answer, knows: sameUser}
	s.wg.Go(s.accept)
	return s, nil
}

func (s *lineServer) accept() {
	for {
		conn, err := s.listener.AcceptUnix()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // the socket is still there, and so is who wants to be heard
			time.Sleep(acceptPause)
			continue
		}
		if !s.knows(conn) {
			turnAway(conn, ErrRefused)
			continue
		}
		c := s.enter(conn)
		if c == nil {
			turnAway(conn, ErrBusy)
			continue
		}
		s.wg.Go(func() { s.serve(c) })
	}
}

func (s *lineServer) serve(c *client) {
	defer s.leave(c)
	line, err := bufio.NewReader(&limited{c.conn, maxRequest}).ReadBytes('\n')
	if err != nil && len(line) == 0 || !s.hears(c) {
		turnAway(c.conn, ErrBusy)
		return
	}
	answer := s.answer(line)
	if s.timeToWrite(c) {
		_ = json.NewEncoder(c.conn).Encode(answer) // a client that has gone needs no answer
	}
}

// timeToWrite gives a client its time for the answer, and tells whether it is still there.
func (s *lineServer) timeToWrite(c *client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit := answerTime
	if s.closing {
		limit = lastAnswer
	}
	return c.conn.SetWriteDeadline(time.Now().Add(limit)) == nil
}

// turnAway closes a connection whose request nobody has heard, and says why.
func turnAway(conn *net.UnixConn, why error) {
	_ = conn.SetWriteDeadline(time.Now().Add(acceptPause))
	_ = json.NewEncoder(conn).Encode(Reply{FormatVersion: ControlVersion, Error: why.Error()}) // who has gone need not know
	conn.Close()
}

// enter takes a connection in and gives it its time; nil: there are too many. Then the oldest one that has not asked yet has to go.
func (s *lineServer) enter(conn *net.UnixConn) *client {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || conn.SetReadDeadline(time.Now().Add(requestTime)) != nil {
		return nil
	}
	if len(s.open) >= mostClients {
		silent := slices.IndexFunc(s.open, func(c *client) bool { return !c.asked })
		if silent < 0 {
			return nil
		}
		turnAway(s.open[silent].conn, ErrBusy)
		s.open = slices.Delete(s.open, silent, silent+1)
	}
	c := &client{conn: conn}
	s.open = append(s.open, c)
	return c
}

// hears tells whether a request that has come is to be answered: not that of a client that had to go, which asks again.
func (s *lineServer) hears(c *client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.asked = slices.Contains(s.open, c)
	return c.asked
}

func (s *lineServer) leave(c *client) {
	c.conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = slices.DeleteFunc(s.open, func(o *client) bool { return o == c })
}

// Close ends the server, lets what was asked be answered, waits for its goroutines and removes the socket.
func (s *lineServer) Close() error {
	err := s.listener.Close()
	s.mu.Lock()
	s.closing = true
	for _, c := range s.open {
		_ = c.conn.SetReadDeadline(time.Now()) // who has not asked yet is too late; an error means that it is gone
		_ = c.conn.SetWriteDeadline(time.Now().Add(lastAnswer))
	}
	s.mu.Unlock()
	s.wg.Wait()
	if rmErr := os.Remove(s.path); rmErr != nil && !errors.Is(rmErr, os.ErrNotExist) && err == nil {
		err = rmErr
	}
	return err
}

// limited ends a stream after n bytes.
type limited struct {
	conn net.Conn
	n    int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.n <= 0 {
		return 0, errors.New("request is too long")
	}
	n, err := l.conn.Read(p[:min(len(p), l.n)])
	l.n -= n
	return n, err
}
