package rpc

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/shmring"
)

// TestHostileAnswers lets a plugin answer with names that are paths, texts that harm a terminal, and more than anybody
// needs. Each is refused with words, or made harmless, and the plugin beside it is not touched.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	describe := func(t *testing.T, c *Client) error { _, err := c.Describe(t.Context()); return err }
	open := func(t *testing.T, c *Client) error { _, err := c.Open(t.Context(), driver.OpenRequest{}); return err }
	configure := func(t *testing.T, c *Client) error {
		d, err := c.Open(t.Context(), driver.OpenRequest{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Configure(t.Context(), fakeConfig)
		return err
	}
	beside := startFake(t, "ok")
	for _, c := range []struct {
		mode string
		call func(*testing.T, *Client) error
		want string
	}{
		{"bad-name", describe, "name"},
		{"huge-describe", describe, "larger than max"},
		{"endless-describe", describe, "larger than max"},
		{"no-devices", describe, "0 devices"},
		{"no-serial", open, "no serial number"},
		{"huge-serial", open, "at most 128 are possible"},
		{"path-channel", configure, `"../../etc/passwd" is not of letters`},
		{"dot-channel", configure, `".." is not of letters`},
		{"empty-channel", configure, `"" is not of letters`},
		{"control-channel", configure, "is not of letters"},
		{"long-channel", configure, "is not of letters"},
		{"lie-applied", configure, "i99"},
	} {
		t.Run(c.mode, func(t *testing.T) {
			t.Parallel()
			cl := startFake(t, "ok,"+c.mode)
			checkError(t, c.call(t, cl), driver.KindBug, c.want)
			if hasEnded(cl.proc) {
				t.Error("the plugin has ended")
			}
		})
	}
	if _, err := beside.Describe(t.Context()); err != nil {
		t.Errorf("the plugin beside: %v", err)
	}
}

// TestTamedTexts: what is accepted harms no terminal and no log, whoever prints it.
func TestTamedTexts(t *testing.T) {
	t.Parallel()
	c := startFake(t, "ok,evil-describe,evil-units,evil-serial")
	d, err := c.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d.Summary != "clear\\x1b[2J\nscreen" || len(d.Models[0].Channels[0].Name) != maxText {
		t.Errorf("summary %q, a channel's name of %d bytes", d.Summary, len(d.Models[0].Channels[0].Name))
	}
	list, err := c.Discover(t.Context(), driver.DiscoverRequest{})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if u := list[0]; u.Model != `F1\a` || u.Serial != `../../\x1b]0;evil\a` || len(u.LibraryPath) > maxText {
		t.Errorf("unit %+v", u)
	}
	dev, err := c.Open(t.Context(), driver.OpenRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if got := dev.Info().Serial; got != `../../etc/\x1b[2J` {
		t.Errorf("serial %q", got)
	}
}

// TestEventFlood: a driver that sends events without end neither fills memory nor the session's hands, and streams on.
func TestEventFlood(t *testing.T) {
	t.Parallel()
	c := startFake(t, "ok,flood-events")
	dev, ring := running(t, c, 0)
	d := &drainer{t: t, c: shmring.NewConsumer(ring)}
	warnings, dropped := 0, uint64(0)
	d.until("samples and dropped events", func() bool {
		for {
			select {
			case e := <-dev.Events():
				dropped += e.Dropped
				if e.Kind == driver.EventWarning {
					warnings++
				}
				continue
			default:
			}
			return d.samples >= 60_000 && dropped > 1000
		}
	})
	if d.lost > 0 {
		t.Errorf("%d samples lost", d.lost)
	}
	if warnings > eventsBurst+100*eventsPerSecond {
		t.Errorf("%d warnings came through", warnings)
	}
	ended(t, "close", func() { _ = c.Close(t.Context()) })
}

func TestEventLimit(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	l := newEventLimit(now)
	passed, slowed := 0, false
	for range 10 * eventsBurst {
		if ok, _ := l.allow(driver.EventWarning, now); ok {
			passed++
		}
	}
	if passed != eventsBurst {
		t.Errorf("%d of a burst pass, want %d", passed, eventsBurst)
	}
	if n := l.report(now); n != 9*eventsBurst {
		t.Errorf("%d dropped are told, want %d", n, 9*eventsBurst)
	}
	l.allow(driver.EventWarning, now)
	if n := l.report(now); n != 0 {
		t.Errorf("%d dropped are told at once again", n)
	}
	now = now.Add(time.Minute)
	if n := l.report(now); n != 1 {
		t.Errorf("%d dropped are told later, want 1", n)
	}
	passed = 0
	for range eventsBurst {
		if ok, _ := l.allow(driver.EventTemperature, now); ok {
			passed++
		}
	}
	if passed != 60*eventsPerSecond {
		t.Errorf("%d pass after a minute", passed)
	}
	for range 2 * triggersBurst {
		ok, wait := l.allow(driver.EventTriggered, now)
		if !ok {
			t.Fatal("a trigger was dropped")
		}
		slowed = slowed || wait > 0
	}
	if !slowed {
		t.Error("a flood of triggers is not slowed down")
	}
	if ok, wait := l.allow(driver.EventTriggered, now.Add(-time.Hour)); !ok || wait <= 0 {
		t.Errorf("a clock that goes back: %v, %v", ok, wait)
	}
}

// TestWrongPeer: nobody but the host that started a plugin can speak to it, though he is let through to its socket.
func TestWrongPeer(t *testing.T) {
	t.Parallel()
	c := startFake(t, "ok")
	stranger, _, err := newKeyPair()
	if err != nil {
		t.Fatal(err)
	}
	own := c.Attachment().Keys
	configOf := func(k Keys) *tls.Config {
		cfg, err := k.config()
		if err != nil {
			t.Fatal(err)
		}
		return cfg
	}
	anonymous := configOf(own)
	anonymous.Certificates = nil
	old := configOf(own)
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	for name, creds := range map[string]credentials.TransportCredentials{
		"no TLS":                 insecure.NewCredentials(),
		"no certificate":         credentials.NewTLS(anonymous),
		"another host's keys":    credentials.NewTLS(configOf(Keys{Key: stranger.Key, Cert: stranger.Cert, Peer: own.Peer})),
		"another plugin awaited": credentials.NewTLS(configOf(Keys{Key: own.Key, Cert: own.Cert, Peer: stranger.Cert})),
		"an older TLS":           credentials.NewTLS(old),
	} {
		if err := infoOver(t, c.Attachment().Address, creds); err == nil {
			t.Errorf("%s: answered", name)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
	if err := infoOver(t, c.Attachment().Address, credentials.NewTLS(configOf(own))); err != nil {
		t.Errorf("the right keys: %v", err)
	}
	if _, err := c.Describe(t.Context()); err != nil {
		t.Errorf("its own host: %v", err)
	}
}

// infoOver asks a plugin who it is, over a connection of its own.
func infoOver(t *testing.T, address string, creds credentials.TransportCredentials) error {
	t.Helper()
	conn, err := grpc.NewClient("passthrough:///unix", grpc.WithTransportCredentials(creds), grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", address)
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = driverpb.NewIdentityClient(conn).Info(t.Context(), &driverpb.InfoRequest{ContractMin: 1, ContractMax: 1})
	return err
}

// TestSocketFlood: strangers that connect and say nonsense, or nothing, do not keep the host from its plugin.
func TestSocketFlood(t *testing.T) {
	t.Parallel()
	c := startFake(t, "ok")
	for i := range 50 {
		conn, err := net.Dial("unix", c.Attachment().Address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if i%2 == 0 {
			_, _ = conn.Write([]byte(strings.Repeat("nonsense", 1000))) // it may hang up in the middle
		}
	}
	if _, err := c.Describe(t.Context()); err != nil {
		t.Error(err)
	}
}
