package rpc

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// runFake is the plugin process of the tests. The first word of the mode chooses how it starts; the words after
// commas are faults of the driver.
func runFake(mode string) {
	first, _, _ := strings.Cut(mode, ",")
	verb, arg, _ := strings.Cut(first, "=")
	switch verb {
	case "exit":
		fmt.Fprintln(os.Stderr, "libfake.so: cannot open shared object file")
		os.Exit(9)
	case "print":
		fmt.Println(arg)
		select {}
	case "longline":
		os.Stdout.Write(bytes.Repeat([]byte("x"), 300_000))
		select {}
	case "silent":
		select {}
	case "refuse":
		os.Setenv(envProtocols, "2,3")
	case "deadsocket":
		fmt.Printf("1|1|unix|%s|grpc|\n", filepath.Join(os.Getenv("PLUGIN_UNIX_SOCKET_DIR"), "nobody"))
		select {}
	case "linksocket":
		path := filepath.Join(os.Getenv("PLUGIN_UNIX_SOCKET_DIR"), "link")
		if err := os.Symlink(arg, path); err != nil {
			panic(err)
		}
		fmt.Printf("1|1|unix|%s|grpc|\n", path)
		select {}
	case "umask":
		syscall.Umask(0)
	case "mute":
		path := filepath.Join(os.Getenv("PLUGIN_UNIX_SOCKET_DIR"), "mute")
		if _, err := net.Listen("unix", path); err != nil {
			panic(err)
		}
		fmt.Printf("1|1|unix|%s|grpc|\n", path)
		select {}
	case "flood":
		go flood(arg)
	case "probe":
		for name, err := range probes(arg) {
			fmt.Fprintf(os.Stderr, "probe %s: %v\n", name, err)
		}
	case "grandchild":
		grandchild(arg == "own-group")
	}
	Serve(fakeDriver{mode}, ServeOptions{})
}

// flood writes to descriptor 2 as fast as it can, like a vendor library gone mad.
func flood(what string) {
	var text []byte
	switch what {
	case "json":
		text = bytes.Repeat([]byte("{\"@message\":5}\n{\"@level\":[],\"@message\":{}}\n{\"@timestamp\":1}\n"), 500)
	case "endless":
		text = bytes.Repeat([]byte("no newline in here "), 2000)
	default:
		text = bytes.Repeat([]byte("PicoIPP \x1b[31mred\x07 \xff\xfe line\n"), 1000)
	}
	for {
		if n, err := syscall.Write(2, text); n <= 0 && err != syscall.EAGAIN {
			return
		}
	}
}

// prints writes to descriptor 1 and to Go's files, as a library and a careless author do.
func prints() {
	long := bytes.Repeat([]byte("y"), 100_000)
	for {
		syscall.Write(1, long)
		fmt.Println("a line by Println")
		fmt.Fprintln(os.Stderr, "a line by os.Stderr")
		time.Sleep(time.Millisecond)
	}
}

// grandchild starts a process that holds stderr open.
func grandchild(ownGroup bool) {
	cmd := exec.Command("/bin/sleep", "60")
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: ownGroup}
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	fmt.Fprintln(os.Stderr, "grandchild", cmd.Process.Pid)
}
