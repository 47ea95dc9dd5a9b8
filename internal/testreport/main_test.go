package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestReport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		ok       bool
		want     []string
	}{
		{"passes", `{"Action":"pass","Package":"a","Test":"TestA","Elapsed":2}
{"Action":"pass","Package":"a","Elapsed":2}`, true, []string{"pass a", "2.00s a TestA", "1 passed, 0 failed, 0 skipped"}},
		{"a test fails", `{"Action":"output","Package":"a","Test":"TestA","Output":"because\n"}
{"Action":"fail","Package":"a","Test":"TestA"}
{"Action":"fail","Package":"a"}`, false, []string{"FAIL a TestA", "because", "0 passed, 1 failed"}},
		{"a package panics", `{"Action":"pass","Package":"a","Test":"TestA"}
{"Action":"output","Package":"a","Test":"TestB","Output":"panic: x\n"}
{"Action":"fail","Package":"a"}`, false, []string{"panic: x"}},
		{"the build fails", `{"Action":"pass","Package":"a","Test":"TestA"}
{"Action":"build-output","ImportPath":"b","Output":"no such\n"}
{"Action":"build-fail","ImportPath":"b"}`, false, []string{"no such"}},
		{"nothing ran", ``, false, []string{"0 passed"}},
		{"a skip is told", `{"Action":"output","Package":"a","Test":"TestA","Output":"    x_test.go:1: no compiler\n"}
{"Action":"skip","Package":"a","Test":"TestA"}
{"Action":"pass","Package":"a","Test":"TestB"}`, true, []string{"skipped: a TestA: x_test.go:1: no compiler", "1 passed, 0 failed, 1 skipped"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			r := &report{out: &out, output: map[testKey][]string{}, times: map[testKey]float64{}}
			if err := r.read(strings.NewReader(c.in)); err != nil {
				t.Fatal(err)
			}
			if ok := r.close(time.Second); ok != c.ok {
				t.Errorf("ok is %v, want %v", ok, c.ok)
			}
			for _, w := range c.want {
				if !strings.Contains(out.String(), w) {
					t.Errorf("no %q in:\n%s", w, out.String())
				}
			}
		})
	}
}
