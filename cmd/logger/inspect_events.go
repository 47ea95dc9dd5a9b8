package main

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// mostListed is how many events of one kind, or gaps, inspect shows.
const mostListed = 20

// eventList is a table of the events of one kind.
type eventList struct {
	kind   recording.EventKind
	header []string
	row    func(recording.Event) []string
	what   string // one of them, for people
}

// What inspect lists of a recording's events.
var (
	generatorChanges = eventList{recording.EventGenerator, []string{"GENERATOR OF", "TIME", ">DEVICE INDEX", "PUTS OUT"}, generatorRow, "change"}
	detectedEvents   = eventList{recording.EventDetected, []string{"EVENT", "SOURCE", "TIME", ">DEVICE INDEX", ">VALUE", "STARTED"}, eventRow, "event"}
)

// of returns the events of the list.
func (l *eventList) of(events []recording.Event) []recording.Event {
	list := []recording.Event{}
	for _, e := range events {
		if e.Kind == l.kind {
			list = append(list, e)
		}
	}
	return list
}

// print shows the first events of the list.
func (l *eventList) print(a *app, b *strings.Builder, events []recording.Event) error {
	t := newTable(l.header...)
	list := l.of(events)
	for _, e := range list[:min(len(list), mostListed)] {
		t.add(l.row(e)...)
	}
	return printList(a, b, t, len(list)-len(t.rows), l.what)
}

// printList shows a table, unless it is empty, and how many rows it has no room for.
func printList(a *app, b *strings.Builder, t *table, more int, what string) error {
	if len(t.rows) == 0 {
		return nil
	}
	b.WriteByte('\n')
	if err := t.write(b, a.color); err != nil {
		return err
	}
	if more > 0 {
		fmt.Fprintf(b, "and %s; --json lists all\n", plural(more, "more "+what))
	}
	return nil
}

// generatorRow tells what a signal generator puts out, from the start or since a change.
func generatorRow(e recording.Event) []string {
	return []string{e.Device, formatTime(e.UTC.Time()), indexText(e), e.Text}
}

func indexText(e recording.Event) string {
	if e.Index == nil {
		return ""
	}
	return formatCount(*e.Index)
}

// eventRow tells what an event block of the plan has found.
func eventRow(e recording.Event) []string {
	value, source := "", e.Device
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
	return []string{name, source, formatTime(e.UTC.Time()), indexText(e), value, strings.Join(started, ", ")}
}
