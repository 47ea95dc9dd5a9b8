package rpc

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// The test binary is a plugin, or a host with a plugin, when one of these is set; the value chooses the behaviour.
const (
	envFake = "SCOPELOG_TEST_PLUGIN"
	envHome = "SCOPELOG_TEST_HOST"
)

func TestMain(m *testing.M) {
	if mode := os.Getenv(envFake); mode != "" {
		runFake(mode)
		os.Exit(0)
	}
	if mode := os.Getenv(envHome); mode != "" {
		runHost(mode)
		os.Exit(0)
	}
	// Most of these tests wait for other processes.
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	before := descriptors()
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		for _, left := range leaks(before) {
			fmt.Fprintln(os.Stderr, "leaked:", left)
			code = 1
		}
		os.Exit(code)
	}))
}

// descriptors counts the open pipes, sockets and memory files.
func descriptors() map[string]int {
	count := map[string]int{}
	links, _ := filepath.Glob("/proc/self/fd/*")
	for _, l := range links {
		target, _ := os.Readlink(l)
		for _, kind := range []string{"pipe:", "socket:", "/memfd:"} {
			if strings.HasPrefix(target, kind) {
				count[kind]++
			}
		}
	}
	return count
}

func leaks(before map[string]int) []string {
	var out []string
	for kind, n := range descriptors() {
		if n > before[kind] {
			out = append(out, fmt.Sprintf("%d descriptors %s", n-before[kind], kind))
		}
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, s := range stats {
		b, _ := os.ReadFile(s)
		fields := strings.Fields(string(b[max(0, strings.LastIndexByte(string(b), ')')):]))
		if len(fields) > 2 && fields[2] == strconv.Itoa(os.Getpid()) {
			out = append(out, "child process "+filepath.Base(filepath.Dir(s)))
		}
	}
	return out
}
