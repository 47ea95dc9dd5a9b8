package rpc

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/driver/rpc/internal/fromproto"
	"github.com/scopelog/scopelog/driver/rpc/internal/toproto"
)

// answers are the ways of a plugin's bytes into values, each as the client goes it: the value, and what makes a message of
// it again; an error where the client refuses it.
var answers = []struct {
	message func() proto.Message
	read    func(proto.Message) (value any, again proto.Message, err error)
}{
	{func() proto.Message { return &driverpb.Description{} }, func(m proto.Message) (any, proto.Message, error) {
		d, err := fromproto.Description(m.(*driverpb.Description))
		d.Summary = strings.ReplaceAll(d.Summary, "\n", "") // lines are allowed there
		return d, toproto.Description(d), errors.Join(err, checkDescription(d))
	}},
	{func() proto.Message { return &driverpb.Applied{} }, func(m proto.Message) (any, proto.Message, error) {
		a, err := fromproto.Applied(m.(*driverpb.Applied))
		return a, toproto.Applied(a), errors.Join(err, checkApplied(a))
	}},
	{func() proto.Message { return &driverpb.Capabilities{} }, func(m proto.Message) (any, proto.Message, error) {
		c, err := fromproto.Capabilities(m.(*driverpb.Capabilities))
		return c, toproto.Capabilities(c), err
	}},
	{func() proto.Message { return &driverpb.OpenResponse{} }, func(m proto.Message) (any, proto.Message, error) {
		r := m.(*driverpb.OpenResponse)
		u := fromproto.UnitInfo(r.GetInfo())
		return u, toproto.UnitInfo(u), checkUnit(r.GetDeviceId(), u)
	}},
	{func() proto.Message { return &driverpb.Event{} }, func(m proto.Message) (any, proto.Message, error) {
		e := readEvent(m.(*driverpb.Event))
		if e.Error != nil {
			e.Error.Advice = strings.ReplaceAll(e.Error.Advice, "\n", "") // lines are allowed there
		}
		return e, toproto.Event(e), nil
	}},
	{func() proto.Message { return &driverpb.AppliedGenerator{} }, func(m proto.Message) (any, proto.Message, error) {
		g, err := fromproto.AppliedGenerator(m.(*driverpb.AppliedGenerator))
		return g, toproto.AppliedGenerator(g), err
	}},
	{func() proto.Message { return &driverpb.StopInfo{} }, func(m proto.Message) (any, proto.Message, error) {
		s := fromproto.StopInfo(m.(*driverpb.StopInfo))
		return s, toproto.StopInfo(s), nil
	}},
}

// FuzzAnswers: whatever a plugin answers, reading it ends without a panic; no text in what was read harms a terminal or
// is longer than a text may be; names that files are called after are names; and what was read is the same after another
// round.
func FuzzAnswers(f *testing.F) {
	for i, a := range answers {
		f.Add(uint8(i), []byte{})
		m := a.message()
		b, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), b)
	}
	for i, m := range []proto.Message{
		toproto.Description(driver.Description{Name: "fake\x1b", Version: "1", ContractMin: 1, ContractMax: 1, MaxDevices: 1, Models: []driver.Capabilities{fuzzCapabilities()}}),
		toproto.Applied(driver.Applied{
			Mode: driver.ModeStream, Channels: []driver.AppliedChannel{{Channel: "../A"}}, Digital: []driver.AppliedDigital{{Port: "D0-7"}},
			Streams: []driver.Stream{{Channel: "../A", Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1}},
		}),
		toproto.Capabilities(fuzzCapabilities()),
		&driverpb.OpenResponse{DeviceId: 1, Info: toproto.UnitInfo(driver.UnitInfo{Model: "F\n1", Serial: "../../S"})},
		toproto.Event(driver.Event{Kind: driver.EventError, Text: "t\x00", Error: &driver.Error{Message: "m\x1b"}}),
		toproto.AppliedGenerator(&driver.AppliedGenerator{Notes: []string{"n\r"}}),
	} {
		b, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), b)
	}
	f.Fuzz(func(t *testing.T, which uint8, b []byte) {
		a := answers[int(which)%len(answers)]
		m := a.message()
		if proto.Unmarshal(b, m) != nil {
			return
		}
		if _, isEvent := m.(*driverpb.Event); !isEvent { // events come by another way
			tame(m)
		}
		value, again, err := a.read(m)
		if err != nil {
			if text := err.Error(); strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), harmful) { // lines of joined errors
				t.Errorf("the error %q harms a terminal", text)
			}
			return
		}
		checkTexts(t, reflect.ValueOf(value))
		if applied, ok := value.(driver.Applied); ok {
			for _, s := range applied.Streams {
				if !channelName.MatchString(s.Channel) {
					t.Errorf("the name %q was accepted", s.Channel)
				}
			}
		}
		if _, isUnit := value.(driver.UnitInfo); isUnit {
			return // a part of its message only
		}
		_, third, err := a.read(proto.Clone(again))
		if err != nil {
			t.Fatalf("what was read cannot be sent: %v", err)
		}
		if !proto.Equal(again, third) {
			t.Fatalf("a second round changes\n%v\nto\n%v", again, third)
		}
	})
}

func fuzzCapabilities() driver.Capabilities {
	return driver.Capabilities{
		Model: "F1\t", Channels: []driver.ChannelCapabilities{{Name: "A\x07"}}, Modes: []driver.ModeCapabilities{{Mode: driver.ModeStream, Ready: true}},
	}
}

// checkTexts looks at every text in a value.
func checkTexts(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); strings.ContainsFunc(s, harmful) || !utf8.ValidString(s) || len(s) > maxText+len(cutMark) {
			t.Errorf("the text %.100q of %d bytes was let through", s, len(s))
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			checkTexts(t, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				checkTexts(t, v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			checkTexts(t, v.Index(i))
		}
	}
}
