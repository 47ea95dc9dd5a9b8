package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// matlabWords are what no variable of MATLAB may be called.
var matlabWords = strings.Fields("break case catch classdef continue else elseif end for function global if otherwise parfor persistent return spmd switch try while")

// variableName makes a name of letters, digits and _ of a column's channel and kind: D0_7, A_min. What does not begin with a letter, words of
// MATLAB, and variables of .mat files that are no channel, have Ch before them. Columns of one table can have the same one.
func variableName(c *column) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.TrimPrefix(c.Stream.Name(), c.Global.Device+"."))
	if name == "" || strings.ContainsAny(name[:1], "0123456789_") || slices.Contains(matlabWords, name) || slices.Contains(matNames, name) {
		name = "Ch" + name
	}
	return name
}

// usedNames are names that are taken.
type usedNames map[string]bool

// take returns a name that is not taken, and neither is what it makes with one of the suffixes: the one that is wished, else with a number behind
// it. All of them are taken then.
func (u usedNames) take(wish string, suffixes ...string) string {
	free := func(name string) bool {
		return !u[name] && !slices.ContainsFunc(suffixes, func(s string) bool { return u[name+s] })
	}
	name := wish
	for n := 2; !free(name); n++ {
		name = fmt.Sprintf("%s_%d", wish, n)
	}
	u[name] = true
	for _, s := range suffixes {
		u[name+s] = true
	}
	return name
}

// variables returns the names of columns as variables, of which no two are the same: shorter ones are given first, so that A keeps its name beside
// A_unit where the suffix _unit is one of ours. What has a number behind it is noted.
func (h *header) variables(ending string, used usedNames, columns []int, suffixes ...string) []string {
	wishes, names := make([]string, len(columns)), make([]string, len(columns))
	order := make([]int, len(columns))
	for k, i := range columns {
		wishes[k], order[k] = variableName(h.columns[i]), k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(wishes[a]), len(wishes[b])) })
	for _, k := range order {
		if names[k] = used.take(wishes[k], suffixes...); names[k] != wishes[k] {
			h.notes = append(h.notes, fmt.Sprintf("%s is called %s in %s files, since %s is taken", h.columns[columns[k]].Stream.Name(), names[k], ending, wishes[k]))
		}
	}
	return names
}
