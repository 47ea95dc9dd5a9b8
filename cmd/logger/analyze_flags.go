package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/units"
)

// flagSet adds flags of quantities.
type flagSet struct{ *pflag.FlagSet }

// quantity is a flag whose text becomes a value.
type quantity[T any] struct {
	to    *T
	parse func(string) (T, error)
	text  string
	kind  string
}

func (q *quantity[T]) String() string { return q.text }
func (q *quantity[T]) Type() string   { return q.kind }
func (q *quantity[T]) Set(text string) error {
	v, err := q.parse(text)
	if err != nil {
		return err
	}
	*q.to, q.text = v, text
	return nil
}

// value is a flag of a number in the stream's unit.
func (f *flagSet) value(to *analyze.Value, name, usage string) {
	f.Var(&quantity[analyze.Value]{to: to, parse: analyze.ParseValue, kind: "VALUE"}, name, usage)
}

// time is a flag of a length of time.
func (f *flagSet) time(to *units.Interval, name, usage string) {
	f.Var(&quantity[units.Interval]{to: to, kind: "TIME", parse: func(text string) (units.Interval, error) {
		t, err := units.ParseInterval(text)
		if err == nil && t.Sign() <= 0 {
			err = fmt.Errorf("%q is not above 0", text)
		}
		return t, err
	}}, name, usage)
}

// frequency is a flag of a frequency in hertz.
func (f *flagSet) frequency(to *float64, name, usage string) {
	f.Var(&quantity[float64]{to: to, kind: "FREQUENCY", parse: parseHertz}, name, usage)
}

func parseHertz(text string) (float64, error) {
	v, err := units.ParseFrequency(text)
	if err != nil {
		return 0, err
	}
	hz, _ := v.Big().Float64()
	return hz, nil
}
