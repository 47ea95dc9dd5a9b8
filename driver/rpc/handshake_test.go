package rpc

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func TestVersions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", "none"}, {"1", "1"}, {"3,1,2", "1-3"}, {"1,4", "1, 4"}, {"2,x,2", "2"}, {"5, 6", "5-6"},
	} {
		if got := versionText(parseVersions(c.in)); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	host, plug, err := newKeyPair()
	if err != nil {
		t.Fatal(err)
	}
	got, err := parseBundle(plug.bundle())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plug, got); diff != "" {
		t.Errorf("bundle (-want +got):\n%s", diff)
	}
	if len(plug.bundle()) > 4096 {
		t.Errorf("a bundle of %d bytes", len(plug.bundle()))
	}
	for name, b := range map[string][]byte{
		"empty": nil, "key only": plug.Key, "wrong order": append(append(append([]byte(nil), plug.Cert...), plug.Key...), plug.Peer...),
	} {
		if _, err := parseBundle(b); !errors.Is(err, errKeys) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other, _, err := newKeyPair()
	if err != nil {
		t.Fatal(err)
	}
	if err := shakeHands(t, host, plug); err != nil {
		t.Errorf("the pair: %v", err)
	}
	other.Peer = host.Peer // knows the plugin, but is not who the plugin knows
	if err := shakeHands(t, other, plug); err == nil {
		t.Error("a foreign host was let in")
	}
	if err := shakeHands(t, host, other); err == nil {
		t.Error("a foreign plugin was believed")
	}
}

// shakeHands connects a host with a plugin and returns what either says.
func shakeHands(t *testing.T, host, plug Keys) error {
	t.Helper()
	hc, err := host.config()
	if err != nil {
		t.Fatal(err)
	}
	pc, err := plug.config()
	if err != nil {
		t.Fatal(err)
	}
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	server := make(chan error, 1)
	go func() {
		s := tls.Server(b, pc)
		server <- s.Handshake()
		b.Close()
	}()
	client := tls.Client(a, hc)
	err = client.Handshake()
	if err == nil { // the server judges the client's certificate after this
		_, readErr := client.Read(make([]byte, 1))
		if !errors.Is(readErr, io.EOF) && !errors.Is(readErr, io.ErrClosedPipe) {
			err = readErr
		}
	}
	a.Close()
	return errors.Join(err, <-server)
}

func TestHandshakeReader(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, first, want string
		stray                   int64
	}{
		{"line", "1|1|unix|/x|grpc|\n", "1|1|unix|/x|grpc|", "1|1|unix|/x|grpc|\n", 0},
		{"text behind", "hello\nworld\nand more", "hello", "hello\n", 14},
		{"without end", "hello", "hello", "hello\n", 0},
		{"nothing", "", "", "", 0},
		{"empty line", "\nx", "", "\n", 1},
		{"carriage return", "hello\r\n", "hello", "hello\r\n", 0},
		{"too long", strings.Repeat("x", 9000), strings.Repeat("x", handshakeLine), strings.Repeat("x", handshakeLine) + "\n", 9000 - 4096},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			go func() {
				io.WriteString(w, c.text)
				w.Close()
			}()
			exit := make(chan struct{})
			close(exit)
			first, stray := "", atomic.Int64{}
			got, err := io.ReadAll(&handshakeReader{from: r, exit: exit, stray: &stray, first: func(s string) { first = s }})
			if err != nil || string(got) != c.want || first != c.first {
				t.Errorf("got %.50q, first line %.50q, %v", got, first, err)
			}
			if c.name != "too long" && stray.Load() != c.stray {
				t.Errorf("%d stray bytes, want %d", stray.Load(), c.stray)
			}
		})
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"plain µ text", 100, "plain µ text"},
		{"a\nb", 100, `a\nb`},
		{"a\x80", 100, `a\x80`},
		{"\uFFFD\x01", 100, "\uFFFD" + `\x01`},
		{"12345", 5, "12345"},
		{"123456", 5, "12..."},
		{"1µµµ", 6, "1µ..."},
		{"\x01\x01", 6, "..."},
		{"1\x01\x01", 7, "1..."},
		{"\u202e", 100, `\u202e`},
	} {
		got := printable(c.in, c.limit)
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
		if again := printable(got, c.limit); again != got {
			t.Errorf("%q: %q the second time", got, again)
		}
	}
}

func TestPrintableLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"one\ntwo\n", 100, "one\ntwo"},
		{"one\n\x1btwo\n\n", 100, "one\n\\x1btwo"},
		{"123456\n123456\n7", 16, "123456\n123456\n..."},
		{strings.Repeat("x\n", 1000), 10, "x\nx\nx\nx\n..."},
		{"123456\n123456", 10, "123456\n..."},
	} {
		got := printableLines(c.in, c.limit)
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
		if again := printableLines(got, c.limit); again != got {
			t.Errorf("%q: %q the second time", got, again)
		}
	}
}

func TestLifeline(t *testing.T) {
	t.Parallel()
	ends := make(chan string, 10)
	l := newLifeline(func(reason string) { ends <- reason })
	if _, err := l.attend(0, 0); err == nil {
		t.Error("epoch 0 was let in")
	}
	first, err := l.attend(1, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	l.socketClosed() // counts no more
	l.leave(1)
	second, err := l.attend(5, 0)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-first:
	default:
		t.Error("the first host is not told that it was replaced")
	}
	select {
	case <-second:
		t.Error("the second host was replaced")
	case reason := <-ends:
		t.Errorf("ended: %s", reason)
	default:
	}
	if _, err := l.attend(5, 0); err == nil {
		t.Error("the same epoch was let in twice")
	}
	l.leave(1) // late, of the first
	l.leave(5)
	if reason := <-ends; reason != "host gone" {
		t.Errorf("ended: %s", reason)
	}
	if _, err := l.attend(6, 0); err == nil {
		t.Error("a host was let in after the end")
	}
	early := newLifeline(func(reason string) { ends <- reason })
	early.socketClosed()
	early.socketClosed()
	if reason := <-ends; !strings.Contains(reason, "before it attended") {
		t.Errorf("ended: %s", reason)
	}
}

func TestEventQueue(t *testing.T) {
	t.Parallel()
	from := make(chan driver.Event)
	q := newEventQueue(from)
	for i := range maxEvents + 10 {
		from <- driver.Event{Index: int64(i), Dropped: uint64(i % 2)}
	}
	close(from)
	var list []driver.Event
	for ended := false; !ended; {
		got, news, e := q.take()
		list = append(list, got...)
		if ended = e && len(got) == 0; !ended && len(got) == 0 {
			<-news
		}
	}
	told := uint64(len(list))
	for i, e := range list {
		told += e.Dropped
		if i > 0 && e.Index != list[i-1].Index+1 {
			t.Errorf("event %d comes after %d", e.Index, list[i-1].Index)
		}
	}
	if want := uint64(maxEvents + 10 + (maxEvents+10)/2); told != want || list[len(list)-1].Index != maxEvents+9 {
		t.Errorf("%d events told of, want %d; the last is %+v", told, want, list[len(list)-1])
	}
	stopped := newEventQueue(nil)
	stopped.stop()
	stopped.stop()
	for {
		if _, news, ended := stopped.take(); !ended {
			<-news
			continue
		}
		break
	}
	one := q.claim()
	q.claim()
	select {
	case <-one:
	default:
		t.Error("the first reader is not told of the second")
	}
}

func TestCheckApplied(t *testing.T) {
	t.Parallel()
	good := func() driver.Applied {
		return driver.Applied{
			Mode: driver.ModeStream, Interval: units.Seconds(1, 1000), Channels: []driver.AppliedChannel{{Channel: "A"}},
			Digital: []driver.AppliedDigital{{Port: "D0-7"}},
			Streams: []driver.Stream{
				{Channel: "A", Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1},
				{Channel: "A", Kind: driver.StreamMin, Type: driver.SampleInt16, Ratio: 10},
				{Channel: "D0-7", Digital: true, Kind: driver.StreamRaw, Type: driver.SampleUint8, Ratio: 1},
			},
		}
	}
	if err := checkApplied(good()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(a *driver.Applied){
		"mode":         func(a *driver.Applied) { a.Mode = "\x1b" },
		"interval":     func(a *driver.Applied) { a.Interval = units.Interval{} },
		"negative":     func(a *driver.Applied) { a.Interval = units.Seconds(-1, 5) },
		"no streams":   func(a *driver.Applied) { a.Streams = nil },
		"many streams": func(a *driver.Applied) { a.Streams = make([]driver.Stream, 65) },
		"kind":         func(a *driver.Applied) { a.Streams[0].Kind = "odd" },
		"type":         func(a *driver.Applied) { a.Streams[0].Type = "i12" },
		"ratio 0":      func(a *driver.Applied) { a.Streams[0].Ratio = 0 },
		"raw ratio":    func(a *driver.Applied) { a.Streams[0].Ratio = 2 },
		"huge ratio":   func(a *driver.Applied) { a.Streams[1].Ratio = 1 << 40 },
		"channel":      func(a *driver.Applied) { a.Streams[0].Channel = "Q" },
		"port":         func(a *driver.Applied) { a.Streams[2].Digital = false },
		"twice":        func(a *driver.Applied) { a.Streams[1].Kind, a.Streams[1].Ratio = driver.StreamRaw, 1 },
		"waveform":     func(a *driver.Applied) { a.Streams[0].WaveformSamples = -1 },
		"period":       func(a *driver.Applied) { a.DeliveryPeriod = -1 },
		"pre":          func(a *driver.Applied) { a.PreSamples = -1 },
	} {
		a := good()
		spoil(&a)
		if checkApplied(a) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCheckProtocol(t *testing.T) {
	t.Parallel()
	if line, ok := checkProtocol(describer{}, "1,2", ""); !ok {
		t.Errorf("refused: %s", line)
	}
	for _, c := range []struct{ versions, host, want string }{
		{"2", "scopelog 9.0", `test 1 speaks protocol 1, scopelog 9.0 speaks 2: update test`},
		{"0", "scopelog 0.0", `test 1 speaks protocol 1, scopelog 0.0 speaks 0: update scopelog`},
		{"", "", `test 1 speaks protocol 1, the host speaks none: update test`},
	} {
		line, ok := checkProtocol(describer{}, c.versions, c.host)
		if ok || !bytes.Contains([]byte(line), []byte(c.want)) || !strings.Contains(line, refusedMarker) {
			t.Errorf("%q: %q, %v", c.versions, line, ok)
		}
	}
}

// describer is a driver that only says who it is.
type describer struct{ driver.Driver }

func (describer) Describe(context.Context) (driver.Description, error) {
	return driver.Description{Name: "test", Version: "1"}, nil
}
