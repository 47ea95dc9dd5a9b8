package session

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// lastAnswer is how long a client may take its time over an answer when the server is to end.
const lastAnswer = time.Second

// acceptPause is how long it waits when a connection could not be taken, as for want of descriptors.
const acceptPause = 100 * time.Millisecond

// lineServer answers requests of one line each, one a connection, from processes of the same user. A client that says nothing
// or does not read holds up itself alone: neither the others nor the end.
type lineServer struct {
	listener interface {
		AcceptUnix() (*net.UnixConn, error)
		Close() error
	}
	path   string
	answer func(line []byte) any // to be written as JSON; called from any goroutine
	wg     sync.WaitGroup
	slots  chan struct{} // bounds the connections served at once

	mu      sync.Mutex // guards what follows
	open    map[*net.UnixConn]struct{}
	closing bool
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
	s := &lineServer{listener: l, path: path, answer: answer, slots: make(chan struct{}, 16), open: map[*net.UnixConn]struct{}{}}
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
		select {
		case s.slots <- struct{}{}:
			s.wg.Go(func() {
				defer func() { <-s.slots }()
				s.serve(conn)
			})
		default:
			conn.Close() // too many at once
		}
	}
}

func (s *lineServer) serve(conn *net.UnixConn) {
	defer conn.Close()
	if !sameUser(conn) || !s.enter(conn) {
		return
	}
	defer s.leave(conn)
	line, err := bufio.NewReader(&limited{conn, maxRequest}).ReadBytes('\n')
	if err != nil && len(line) == 0 {
		return
	}
	_ = json.NewEncoder(conn).Encode(s.answer(line)) // a client that has gone needs no answer
}

// enter gives a connection its time, and tells whether there is any.
func (s *lineServer) enter(conn *net.UnixConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || conn.SetDeadline(time.Now().Add(controlTimeout)) != nil {
		return false
	}
	s.open[conn] = struct{}{}
	return true
}

func (s *lineServer) leave(conn *net.UnixConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, conn)
}

// Close ends the server, lets what was asked be answered, waits for its goroutines and removes the socket.
func (s *lineServer) Close() error {
	err := s.listener.Close()
	s.mu.Lock()
	s.closing = true
	for conn := range s.open {
		_ = conn.SetReadDeadline(time.Now()) // who has not asked yet is too late; an error means that it is gone
		_ = conn.SetWriteDeadline(time.Now().Add(lastAnswer))
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
