package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

const (
	roleObserver = "observe"
	windowBytes  = 1 << 20
	framesPerSec = 60
)

// windows counts what an observer got.
type windows struct {
	Accepted int64 `json:"accepted"` // valid, and every sample looked at was right
	Overrun  int64 `json:"overrun"`  // overwritten while they were copied, and known to be
	Wrong    int64 `json:"wrong"`    // said to be valid, and not what was delivered
	Skipped  int64 `json:"skipped"`  // too short, or across a gap
}

// observer is another process that looks at the ring.
type observer struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out io.Reader
}

// startObserver starts one for the proof signal of a converter of so many bits; tail makes it look at the oldest samples, which are overwritten under its eyes.
func startObserver(bits int, tail bool) (*observer, error) {
	ring, err := findRing()
	if err != nil {
		return nil, err
	}
	defer ring.Close()
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	place := "head"
	if tail {
		place = "tail"
	}
	o := &observer{cmd: exec.Command(self, roleObserver, strconv.Itoa(bits), place)}
	o.cmd.Stderr, o.cmd.ExtraFiles = os.Stderr, []*os.File{ring}
	if o.in, err = o.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if o.out, err = o.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	return o, o.cmd.Start()
}

// stop ends the observer and returns what it got.
func (o *observer) stop() (w windows, err error) {
	o.in.Close()
	err = json.NewDecoder(o.out).Decode(&w)
	return w, errors.Join(err, o.cmd.Wait())
}

// findRing opens the ring of this process's only device once more, for reading.
func findRing() (*os.File, error) {
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		return nil, err
	}
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && strings.HasPrefix(to, "/memfd:") {
			return os.Open(link)
		}
	}
	return nil, errors.New("this process has no ring open")
}

// observe is the observer's process: it looks at the ring in descriptor 3 until its standard input ends.
func observe(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("%d arguments, want bits and place", len(args))
	}
	bits, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	ring, err := shmring.AttachObserver(os.NewFile(3, "ring"))
	if err != nil {
		return err
	}
	v := &viewer{ring: ring, tail: args[1] == "tail", window: make([]byte, windowBytes)}
	for i := range ring.Spec().Lanes {
		p, err := recording.NewProof(serial, string(rune('A'+i)), bits, -32767, 32767)
		if err != nil {
			return err
		}
		v.proofs = append(v.proofs, p)
	}
	quit := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // its end is all that counts
		close(quit)
	}()
	tick := time.NewTicker(time.Second / framesPerSec)
	defer tick.Stop()
	for lane := 0; ; lane = (lane + 1) % len(v.proofs) {
		select {
		case <-quit:
			return errors.Join(json.NewEncoder(os.Stdout).Encode(v.got), ring.Close())
		case <-tick.C:
			v.look(lane)
		}
	}
}

// viewer looks at windows and judges them.
type viewer struct {
	ring   *shmring.Observer
	proofs []recording.Proof // one a lane
	tail   bool
	window []byte
	descs  [256]shmring.Desc
	got    windows
}

func (v *viewer) look(lane int) {
	pos, n, err := v.copy(lane)
	switch {
	case err != nil:
		v.got.Overrun++
		return
	case n == 0:
		v.got.Skipped++
		return
	}
	first, ok := v.epochIndex(lane, pos, uint64(n/2))
	switch {
	case !ok:
		v.got.Skipped++
	case v.right(lane, int64(first), v.window[:n]):
		v.got.Accepted++
	default:
		v.got.Wrong++
	}
}

// copy takes a window: the newest samples, or the oldest that the lane can still have.
func (v *viewer) copy(lane int) (pos uint64, n int, err error) {
	if !v.tail {
		return v.ring.Latest(lane, v.window)
	}
	head, lanes := v.ring.Head(lane), v.ring.Spec().Lanes[lane].Capacity/2
	if head < v.ring.Start(lane)+lanes {
		return 0, 0, nil // nothing was overwritten yet
	}
	pos = head - lanes
	n, err = v.ring.Window(lane, pos, v.window)
	return pos, n, err
}

// epochIndex finds the epoch index of a lane index by the descriptors: false when those are gone already, or samples were
// lost within the window. Without any loss so far both indexes are one, which spares the search.
func (v *viewer) epochIndex(lane int, pos, n uint64) (uint64, bool) {
	head := v.ring.DescHead()
	from := head - min(head, uint64(len(v.descs)))
	got, err := v.ring.Descs(from, v.descs[:])
	if err != nil {
		return 0, false
	}
	var shift uint64
	found := false
	for _, d := range v.descs[:got] {
		if d.Type != shmring.DescData || int(d.Lane) != lane {
			continue
		}
		if v.tail && d.FirstSample == d.Pos { // the newest ones tell that nothing was lost before
			return pos, true
		}
		if d.Pos+uint64(d.Count) <= pos || d.Pos >= pos+n {
			continue
		}
		if found && d.FirstSample-d.Pos != shift {
			return 0, false
		}
		shift, found = d.FirstSample-d.Pos, true
	}
	return pos + shift, found
}

// right compares a window with the proof signal: both ends sample by sample, as that is where an overwritten one would be
// wrong, and between them one sample in 61.
func (v *viewer) right(lane int, first int64, window []byte) bool {
	const ends, stride = 512, 61
	samples := len(window) / 2
	for i := 0; i < samples; {
		have := int64(int16(uint16(window[2*i]) | uint16(window[2*i+1])<<8))
		if have != v.proofs[lane].At(first+int64(i)) {
			return false
		}
		if i < ends || i >= samples-ends {
			i++
		} else {
			i = min(i+stride, samples-ends)
		}
	}
	return true
}
