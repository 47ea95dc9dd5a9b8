package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/units"
)

// flagSet adds flags of quantities.
type flagSet struct{ *pflag.FlagSet }

// choice is a word that a flag may have, with the other flags that mean something beside it.
type choice struct {
	word  string
	flags []string
}

// unused refuses flags that were given and mean nothing beside the word of a flag. A word that is none of the choices is told elsewhere.
func (f *flagSet) unused(flag, word string, choices []choice) (err error) {
	if !slices.ContainsFunc(choices, func(c choice) bool { return c.word == word }) {
		return nil
	}
	f.Visit(func(given *pflag.Flag) {
		var with []string
		for _, c := range choices {
			if slices.Contains(c.flags, given.Name) {
				with = append(with, c.word)
			}
		}
		if err == nil && len(with) > 0 && !slices.Contains(with, word) {
			err = fmt.Errorf("--%s is for --%s %s, and not for %s", given.Name, flag, strings.Join(with, ", "), word)
		}
	})
	return err
}

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

// frequencies is a flag of two frequencies with a colon between them.
func (f *flagSet) frequencies(to *[2]float64, name, usage string) {
	f.Var(&quantity[[2]float64]{to: to, kind: "FROM:TO", parse: func(text string) (pair [2]float64, err error) {
		from, until, ok := strings.Cut(text, ":")
		if !ok {
			return pair, fmt.Errorf("%q is not two frequencies with a colon between them, as in 10Hz:1kHz", text)
		}
		if pair[0], err = parseHertz(from); err != nil {
			return pair, err
		}
		pair[1], err = parseHertz(until)
		return pair, err
	}}, name, usage)
}

// limits adds two flags for the bounds of a property.
func (f *flagSet) limits(to *analyze.Limits, name, what string) {
	f.given(&to.Min, name, "least "+what)
	f.given(&to.Max, "max-"+name, "largest "+what)
}

// given is a flag of a number in the stream's unit; nil: it is not given.
func (f *flagSet) given(to **analyze.Value, name, usage string) {
	f.Var(&quantity[*analyze.Value]{to: to, kind: "VALUE", parse: func(text string) (*analyze.Value, error) {
		v, err := analyze.ParseValue(text)
		return &v, err
	}}, name, usage)
}
