package abicheck

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// kind says what a fact is about; it is the optional prefix of a key of [Options.Left].
type kind string

const (
	function kind = "function"
	callback kind = "callback"
	enum     kind = "enum"
	structs  kind = "struct"
	constant kind = "constant"
)

// fact is one assertion on one line of the generated file.
type fact struct {
	kind kind
	name string // function, struct, enum, callback or constant as in the table
	what string // what is wrong when the assertion fails
	cond string // C expression
}

// facts lists what a header has to agree with.
func facts(family string, f *Family, o Options, left *leftOut) []fact {
	var out []fact
	add := func(k kind, name, what, cond string, a ...any) {
		out = append(out, fact{k, name, what, fmt.Sprintf(cond, a...)})
	}
	members := 0
	for _, fn := range f.Functions {
		if left.has(function, fn.Name) {
			continue
		}
		members++
		expr := "&" + fn.Name
		if o.Pointers {
			expr = fmt.Sprintf("((struct %s_api *)0)->%s", family, strings.TrimPrefix(fn.Name, family))
		}
		add(function, fn.Name, "type is not "+fn.signature(false), "%s", sameFunction(expr, fn))
	}
	if o.Pointers {
		add(structs, family+"_api", fmt.Sprintf("is not %d function pointers", members), "sizeof(struct %s_api) == %d * sizeof(void *)", family, members)
	} else {
		for _, fn := range f.Undocumented {
			if fn.Returns != "" && !left.has(function, fn.Name) {
				add(function, fn.Name, "type is not "+fn.signature(false), "%s", sameFunction("&"+fn.Name, fn))
			}
		}
	}
	for _, fn := range f.Callbacks {
		if !left.has(callback, fn.Name) {
			add(callback, fn.Name, "type is not "+fn.signature(false), "__builtin_types_compatible_p(%s, %s)", fn.Name, fn.signature(false))
		}
	}
	for _, e := range f.Enums {
		if left.has(enum, e.Name) {
			continue
		}
		add(enum, e.Name, "type is not compatible with "+e.CType, "__builtin_types_compatible_p(%s, %s)", e.Name, e.CType)
		for _, v := range slices.Sorted(maps.Keys(e.Values)) {
			add(enum, e.Name, fmt.Sprintf("%s is not %d", v, e.Values[v]), "(long long)(%s) == %dLL", v, e.Values[v])
		}
	}
	for _, s := range f.Structs {
		if left.has(structs, s.Name) {
			continue
		}
		add(structs, s.Name, fmt.Sprintf("size is not %d", s.Size), "sizeof(%s) == %d", s.Name, s.Size)
		for _, fd := range s.Fields {
			at := fmt.Sprintf("((%s *)0)->%s", s.Name, fd.Name)
			add(structs, s.Name, fmt.Sprintf("field %s is not at byte %d", fd.Name, fd.Offset), "__builtin_offsetof(%s, %s) == %d", s.Name, fd.Name, fd.Offset)
			add(structs, s.Name, fmt.Sprintf("field %s is not of %d bytes", fd.Name, fd.Size), "sizeof(%s) == %d", at, fd.Size)
			add(structs, s.Name, fmt.Sprintf("field %s is not of type %s", fd.Name, fd.CType), "__builtin_types_compatible_p(__typeof__(%s), __typeof__(%s))", at, fd.CType)
		}
	}
	for _, c := range f.Constants {
		if !left.has(constant, c.Name) {
			add(constant, c.Name, "is not "+c.Value, "(%s) == (%s)", c.Name, c.Value)
		}
	}
	return out
}

// sameFunction accepts a callback argument under its own type or as void*: a register is a register.
func sameFunction(expr string, fn Function) string {
	cond := fmt.Sprintf("__builtin_types_compatible_p(__typeof__(%s), %s)", expr, fn.signature(false))
	if fn.hasCallback() {
		cond += fmt.Sprintf(" || __builtin_types_compatible_p(__typeof__(%s), %s)", expr, fn.signature(true))
	}
	return cond
}

// leftOut remembers which keys of Options.Left were of use.
type leftOut struct {
	keys  map[string]string
	used  map[string]bool
	names []string // functions left out
}

func newLeftOut(keys map[string]string) *leftOut {
	return &leftOut{keys: keys, used: map[string]bool{}}
}

func (l *leftOut) has(k kind, name string) bool {
	for _, key := range slices.Sorted(maps.Keys(l.keys)) {
		pattern := key
		if want, rest, ok := strings.Cut(key, ":"); ok {
			if want != string(k) {
				continue
			}
			pattern = rest
		}
		if ok, _ := path.Match(pattern, name); ok {
			l.used[key] = true
			if k == function {
				l.names = append(l.names, name)
			}
			return true
		}
	}
	return false
}

// idle returns the keys that match nothing, or that give no reason.
func (l *leftOut) idle() []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(l.keys)) {
		if !l.used[key] {
			out = append(out, fmt.Sprintf("%s: left out, but the table has nothing of that name", key))
		}
		if strings.TrimSpace(l.keys[key]) == "" {
			out = append(out, key+": left out without a reason")
		}
	}
	return out
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
