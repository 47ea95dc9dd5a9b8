package main

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// mostEvents is how many events of event blocks inspect lists.
const mostEvents = 20

// printEvents lists what the event blocks of the plan have found.
func printEvents(a *app, b *strings.Builder, dir string) error {
	r, err := recording.Open(dir)
	if err != nil {
		return err
	}
	events, err := r.Events()
	if err != nil {
		return err
	}
	t := newTable("EVENT", "SOURCE", "TIME", ">DEVICE INDEX", ">VALUE", "STARTED")
	more := 0
	for _, e := range events {
		if e.Kind != recording.EventDetected {
			continue
		}
		if len(t.rows) == mostEvents {
			more++
			continue
		}
		t.add(eventRow(e)...)
	}
	if len(t.rows) == 0 {
		return nil
	}
	b.WriteByte('\n')
	if err := t.write(b, a.color); err != nil {
		return err
	}
	if more > 0 {
		fmt.Fprintf(b, "and %s; events.jsonl has all\n", plural(more, "more event"))
	}
	return nil
}

func eventRow(e recording.Event) []string {
	index, value, source := "", "", e.Device
	if e.Index != nil {
		index = formatCount(*e.Index)
	}
	if v, ok := e.Data["value_v"].(float64); ok {
		value = fmt.Sprintf("%.4g V", v)
	}
	if c, ok := e.Data["channel"].(string); ok {
		source += "." + c
	}
	name, _ := e.Data["event"].(string)
	var started []string
	list, _ := e.Data["start"].([]any)
	for _, o := range list {
		order, ok := o.(map[string]any)
		if !ok {
			continue
		}
		text := fmt.Sprintf("%v: %v", order["device"], order["outcome"])
		if after, ok := order["after_event_s"].(float64); ok {
			text = fmt.Sprintf("%v after %s", order["device"], formatSeconds(after))
		}
		started = append(started, text)
	}
	return []string{name, source, formatTime(e.UTC.Time()), index, value, strings.Join(started, ", ")}
}
