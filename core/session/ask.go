package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"
)

var (
	// ErrBusy says that a run or a schedule, which is there, has more questions at once than it takes.
	ErrBusy = errors.New("it has too many questions at once: try again")
	// ErrRefused says that a run or a schedule, which is there, is another user's.
	ErrRefused = errors.New("only the user that records is answered")
)

const (
	askFor       = 5 * time.Second // how long a question that was not heard is asked again
	askPause     = 10 * time.Millisecond
	mostAskPause = 200 * time.Millisecond
)

// ask sends a request to a control socket and decodes the answer. A request that was not heard, since there were too many at once, is sent again for a
// while; one that was heard is not. name is what errors call who is asked.
func ask(ctx context.Context, path, name string, req Request, reply any) error {
	until := time.Now().Add(askFor)
	for pause := askPause; ; pause = min(2*pause, mostAskPause) {
		heard, err := askOnce(ctx, path, name, req, reply)
		if heard {
			return err
		}
		if time.Now().After(until) {
			return fmt.Errorf("%s: %w", name, ErrBusy)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// askOnce is one try. heard is false when nobody has heard the request, or a connection was closed without a word that may be asked again.
func askOnce(ctx context.Context, path, name string, req Request, reply any) (heard bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, controlTimeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if errors.Is(err, syscall.EAGAIN) { // more wait to be let in than the system holds
		return false, err
	}
	if err != nil {
		return true, fmt.Errorf("%s: %w: %w", name, ErrNotRunning, err)
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return true, err
	}
	sent := json.NewEncoder(conn).Encode(req)
	if sent != nil && !turnedAway(sent) {
		return true, fmt.Errorf("ask %s: %w", name, sent)
	}
	var answer json.RawMessage // who is turned away is told why, perhaps before the request was sent
	if err := json.NewDecoder(conn).Decode(&answer); err != nil {
		carried := (req.Op == OpMark || req.Op == OpTrigger) && sent == nil && !errors.Is(err, syscall.ECONNRESET) // perhaps: nothing is left unread
		return carried || !turnedAway(err), fmt.Errorf("answer of %s: %w", name, err)
	}
	var turned Reply
	if err := json.Unmarshal(answer, &turned); err == nil && !turned.OK {
		switch turned.Error {
		case ErrBusy.Error():
			return false, ErrBusy
		case ErrRefused.Error():
			return true, fmt.Errorf("%s: %w", name, ErrRefused)
		}
	}
	if err := json.Unmarshal(answer, reply); err != nil {
		return true, fmt.Errorf("answer of %s: %w", name, err)
	}
	return true, nil
}

// turnedAway tells whether the other side has closed the connection without a word.
func turnedAway(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
