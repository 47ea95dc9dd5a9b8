package main

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// mostChanges is how many changes of a signal generator inspect lists.
const mostChanges = 20

// printGenerator lists what the signal generators of a recording were changed to while it was made.
func printGenerator(a *app, b *strings.Builder, dir string) error {
	r, err := recording.Open(dir)
	if err != nil {
		return err
	}
	events, err := r.Events()
	if err != nil {
		return err
	}
	t := newTable("GENERATOR OF", "TIME", ">DEVICE INDEX", "CHANGED TO")
	more := 0
	for _, e := range events {
		if e.Kind != recording.EventGenerator {
			continue
		}
		if len(t.rows) == mostChanges {
			more++
			continue
		}
		index := ""
		if e.Index != nil {
			index = formatCount(*e.Index)
		}
		t.add(e.Device, formatTime(e.UTC.Time()), index, e.Text)
	}
	if len(t.rows) == 0 {
		return nil
	}
	b.WriteByte('\n')
	if err := t.write(b, a.color); err != nil {
		return err
	}
	if more > 0 {
		fmt.Fprintf(b, "and %s\n", plural(more, "more change"))
	}
	return nil
}
