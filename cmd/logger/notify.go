package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// The variables by which a service manager says where to tell it how a service is.
const (
	envNotifySocket = "NOTIFY_SOCKET"
	envWatchdog     = "WATCHDOG_USEC"
	envWatchdogPID  = "WATCHDOG_PID"
)

// notifyWait bounds a message to the service manager, which is a datagram: a manager that is stuck holds up nobody.
const notifyWait = 100 * time.Millisecond

// notifier tells the service manager that this process is ready, how it is, and that it lives, as sd_notify does. Without
// a service manager it does nothing. It is used from one goroutine.
type notifier struct {
	conn     net.Conn // nil: nobody listens
	watchdog time.Duration
	pinged   time.Time
	granted  bool // the watchdog was told to have patience
	ready    bool
}

// newNotifier reads from the environment who wants to be told what.
func newNotifier(lookup func(string) (string, bool)) *notifier {
	n := &notifier{}
	path, _ := lookup(envNotifySocket)
	if !strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "@") {
		return n
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return n // who started us listens no more: the run counts
	}
	n.conn = conn
	if pid, ok := lookup(envWatchdogPID); ok && pid != strconv.Itoa(os.Getpid()) {
		return n
	}
	if text, ok := lookup(envWatchdog); ok {
		if us, err := strconv.ParseInt(text, 10, 64); err == nil && us > 0 && us < int64(time.Hour*24*365/time.Microsecond) {
			n.watchdog = time.Duration(us) * time.Microsecond
		}
	}
	return n
}

// up says that the service is ready, the first time, and what it does.
func (n *notifier) up(text string) {
	if n.ready {
		n.send("STATUS=" + text)
		return
	}
	n.ready = true
	n.send("READY=1\nSTATUS=" + text)
}

// stopping says that the service ends, and what it still does.
func (n *notifier) stopping(text string) { n.send("STOPPING=1\nSTATUS=" + text) }

// due tells whether the watchdog wants a sign of life: three times in its interval, so that one may come late.
func (n *notifier) due(now time.Time) bool {
	return n.conn != nil && n.watchdog > 0 && now.Sub(n.pinged) >= n.watchdog/3
}

// alive is the sign of life. The caller has made sure that what the service is for goes on; text says how.
func (n *notifier) alive(now time.Time, text string) {
	n.pinged = now
	if n.granted {
		n.granted = false
		n.send(fmt.Sprintf("WATCHDOG_USEC=%d", n.watchdog.Microseconds()))
	}
	n.send("WATCHDOG=1\nSTATUS=" + text)
}

// patience tells the watchdog that the next sign of life may come so much later, since something with a time limit of its
// own is to be done that gives none.
func (n *notifier) patience(d time.Duration, text string) {
	if n.conn == nil || !n.ready {
		return
	}
	if n.watchdog > 0 {
		n.granted = true
		n.send(fmt.Sprintf("WATCHDOG_USEC=%d\nWATCHDOG=1", (n.watchdog + d).Microseconds()))
	}
	n.send("STATUS=" + text)
}

// close ends telling.
func (n *notifier) close() {
	if n.conn != nil {
		n.conn.Close()
		n.conn = nil
	}
}

func (n *notifier) send(text string) {
	if n.conn == nil {
		return
	}
	if n.conn.SetWriteDeadline(time.Now().Add(notifyWait)) == nil {
		_, _ = n.conn.Write([]byte(text)) // a manager that does not listen is not told
	}
}
