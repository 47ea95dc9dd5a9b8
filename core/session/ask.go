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

// ErrBusy says that a run or a schedule, which is there, has more questions at once than it takes.
var ErrBusy = errors.New("it has too many questions at once: try again")

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

// askOnce is one try. heard is false when the connection was closed before anybody can have read the request.
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
	if err := json.NewEncoder(conn).Encode(req); err != nil {
		return !turnedAway(err), fmt.Errorf("ask %s: %w", name, err)
	}
	if err := json.NewDecoder(conn).Decode(reply); err != nil {
		return !turnedAway(err), fmt.Errorf("answer of %s: %w", name, err)
	}
	return true, nil
}

// turnedAway tells whether the other side has closed the connection without a word.
func turnedAway(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
