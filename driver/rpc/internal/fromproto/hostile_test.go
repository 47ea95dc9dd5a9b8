package fromproto_test

import (
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/driver/rpc/internal/fromproto"
	"github.com/scopelog/scopelog/driver/rpc/internal/toproto"
)

func TestRefused(t *testing.T) {
	t.Parallel()
	deep := &driverpb.Options{}
	for range 40 {
		deep = &driverpb.Options{Blocks: []*driverpb.OptionBlock{{Name: "b", Options: deep}}}
	}
	applied := func(r *driverpb.Rational) error {
		_, err := fromproto.Applied(&driverpb.Applied{IntervalSeconds: r})
		return err
	}
	options := func(o *driverpb.Options) error {
		_, err := fromproto.OpenRequest(&driverpb.OpenRequest{Options: o})
		return err
	}
	for _, c := range []struct {
		name string
		err  error
	}{
		{"no denominator", applied(&driverpb.Rational{Num: 1})},
		{"negative denominator", applied(&driverpb.Rational{Num: 1, Den: -1})},
		{"smallest denominator", applied(&driverpb.Rational{Num: 1, Den: -1 << 63})},
		{"kind of option missing", options(&driverpb.Options{Values: []*driverpb.OptionValue{{Name: "a"}}})},
		{"kind of option unknown", options(&driverpb.Options{Values: []*driverpb.OptionValue{{Name: "a", Kind: 99}}})},
		{"blocks too deep", options(deep)},
		{"list with a bad fraction", options(&driverpb.Options{Values: []*driverpb.OptionValue{{
			Kind: driverpb.OptionKind_OPTION_KIND_NUMBERS, Numbers: []*driverpb.Rational{{Num: 1, Den: 1}, {}},
		}}})},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !errors.Is(c.err, fromproto.ErrMalformed) {
				t.Errorf("got %v, want ErrMalformed", c.err)
			}
		})
	}
}

func TestNil(t *testing.T) {
	t.Parallel()
	if _, err := fromproto.Config(nil); err != nil {
		t.Errorf("config: %v", err)
	}
	if _, err := fromproto.Description(nil); err != nil {
		t.Errorf("description: %v", err)
	}
	if g, err := fromproto.GeneratorConfig(nil); g != nil || err != nil {
		t.Errorf("generator: %v, %v", g, err)
	}
	if g, err := fromproto.AppliedGenerator(nil); g != nil || err != nil {
		t.Errorf("applied generator: %v, %v", g, err)
	}
	if fromproto.Error(nil) != nil || toproto.Error(nil) != nil || toproto.AnyError(nil) != nil {
		t.Error("a nil error became one")
	}
	if toproto.GeneratorConfig(nil) != nil || toproto.AppliedGenerator(nil) != nil {
		t.Error("a nil generator became one")
	}
	if fromproto.Units(nil) != nil {
		t.Error("no units became some")
	}
}

func TestUnknownErrorKind(t *testing.T) {
	t.Parallel()
	if e := fromproto.Error(&driverpb.ErrorDetail{Kind: 77, Message: "m"}); e.Kind != driver.KindPermanent || e.Message != "m" {
		t.Errorf("got %+v", e)
	}
}

func TestAnyError(t *testing.T) {
	t.Parallel()
	inner := &driver.Error{Kind: driver.KindBusy, Op: "open", Field: "serial", Message: "in use", Status: driver.Status{Call: "f", Code: 5, Name: "BUSY"}}
	wrapped := errors.Join(errors.New("first"), inner)
	for _, c := range []struct {
		name string
		err  error
		want *driver.Error
	}{
		{"plain", errors.New("plain"), &driver.Error{Message: "plain"}},
		{"driver error", inner, inner},
		{"wrapped", wrapped, &driver.Error{Kind: driver.KindBusy, Field: "serial", Message: wrapped.Error()}},
		{"not UTF-8", errors.New("bad \xff byte"), &driver.Error{Message: "bad \uFFFD byte"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := fromproto.Error(toproto.AnyError(c.err)); *got != *c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// FuzzConfig: whatever bytes come, reading them ends without a panic, and what was read is the same after another
// round.
func FuzzConfig(f *testing.F) {
	f.Add([]byte{})
	b, err := proto.Marshal(toproto.Config(driver.Config{Channels: []driver.ChannelConfig{{Channel: "A"}}, Stream: &driver.StreamConfig{}}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var p driverpb.Config
		if proto.Unmarshal(b, &p) != nil {
			return
		}
		c, err := fromproto.Config(&p)
		if err != nil {
			if !errors.Is(err, fromproto.ErrMalformed) {
				t.Fatalf("error %v is not ErrMalformed", err)
			}
			return
		}
		again, err := fromproto.Config(toproto.Config(c))
		if err != nil {
			t.Fatalf("what was read cannot be sent: %v", err)
		}
		if !proto.Equal(toproto.Config(c), toproto.Config(again)) {
			t.Fatal("a second round changes the configuration")
		}
	})
}
