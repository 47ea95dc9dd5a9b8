package abicheck

import (
	"debug/elf"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

// identity is the function by which the emulated library says that it is one.
const identity = "scopelog_emulator"

// Exports checks the dynamic symbols of a built ELF library: it exports every function of the family's table
// (documented or not) and scopelog_emulator, nothing else, and has the family's SONAME.
func Exports(t testing.TB, sofile, family string) {
	t.Helper()
	f, err := Table(family)
	if err != nil {
		t.Fatal(err)
	}
	problems, err := checkExports(sofile, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", filepath.Base(sofile), p)
	}
}

func checkExports(sofile string, f *Family) ([]string, error) {
	file, err := elf.Open(sofile)
	if err != nil {
		return nil, fmt.Errorf("open library: %w", err)
	}
	defer file.Close()
	symbols, err := file.DynamicSymbols()
	if err != nil {
		return nil, fmt.Errorf("%s: read dynamic symbols: %w", sofile, err)
	}
	exported := map[string]bool{}
	for _, s := range symbols {
		bind := elf.ST_BIND(s.Info)
		if s.Section != elf.SHN_UNDEF && (bind == elf.STB_GLOBAL || bind == elf.STB_WEAK) {
			exported[s.Name] = elf.ST_TYPE(s.Info) == elf.STT_FUNC
		}
	}
	var problems []string
	wanted := map[string]bool{identity: true}
	for _, fn := range slices.Concat(f.Functions, f.Undocumented) {
		wanted[fn.Name] = true
	}
	for _, name := range f.Required {
		wanted[name] = true
	}
	for _, name := range sorted(wanted) {
		if isFunction, ok := exported[name]; !ok {
			problems = append(problems, name+": not exported")
		} else if !isFunction {
			problems = append(problems, name+": exported, but not a function")
		}
	}
	for _, name := range sorted(exported) {
		if !wanted[name] {
			problems = append(problems, name+": exported, but not in the table")
		}
	}
	sonames, err := file.DynString(elf.DT_SONAME)
	if err != nil {
		return nil, fmt.Errorf("%s: read the SONAME: %w", sofile, err)
	}
	if !slices.Equal(sonames, []string{f.Soname}) {
		problems = append(problems, fmt.Sprintf("SONAME is %q, want %q", sonames, f.Soname))
	}
	return problems, nil
}
