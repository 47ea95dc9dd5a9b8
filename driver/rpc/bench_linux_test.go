package rpc

import (
	"context"
	"testing"
)

// BenchmarkStart is a plugin's life: exec, handshake, first calls, and its orderly end.
func BenchmarkStart(b *testing.B) {
	o := fakeOptions(b, "ok")
	o.Logger = nil
	b.ReportAllocs()
	for b.Loop() {
		c, err := Start(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Close(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCall is one call and its answer.
func BenchmarkCall(b *testing.B) {
	o := fakeOptions(b, "ok")
	o.Logger = nil
	c, err := Start(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Kill()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Describe(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStderr is what a plugin that writes without end costs its host.
func BenchmarkStderr(b *testing.B) {
	text := make([]byte, 0, 64<<10)
	for len(text)+60 < cap(text) {
		text = append(text, "{\"@level\":\"warn\",\"@message\":\"the same again and again\"}\n"...)
	}
	var log records
	r := newStderrReader(log.logger())
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r.feed(text)
	}
	close(r.out)
	<-r.done
}
