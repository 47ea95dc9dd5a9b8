package recording

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// ClockHeader is the first line of a file of clock pairs.
const ClockHeader = "epoch,index,mono_ns,utc_ns,bracket_ns,suspended_ns,state,max_error_ns\n"

// AppendClockLine appends the line of a clock pair to dst.
func AppendClockLine(dst []byte, c ClockPair) []byte {
	return fmt.Appendf(dst, "%d,%d,%d,%d,%d,%d,%s,%d\n", c.Epoch, c.Index, c.MonoNS, c.UTCNS, c.BracketNS, c.SuspendedNS, c.State, c.MaxErrorNS)
}

// lastClock returns the last pair of a file of clock pairs, nil when there is none.
func lastClock(b []byte) *ClockPair {
	text := strings.TrimSuffix(string(b), "\n")
	f := strings.Split(text[strings.LastIndexByte(text, '\n')+1:], ",")
	if len(f) != 8 {
		return nil
	}
	state := f[6]
	f = slices.Delete(f, 6, 7)
	var n [7]int64
	for i := range n {
		var err error
		if n[i], err = strconv.ParseInt(f[i], 10, 64); err != nil {
			return nil
		}
	}
	return &ClockPair{int(n[0]), n[1], n[2], n[3], n[4], n[5], state, n[6]}
}

// clockFile is the file of clock pairs of one segment. It is made with the first pair.
type clockFile struct {
	pending []ClockPair
	name    string
	f       File
	sum     FileSum
	unsure  bool // a sync failed, which may have dropped anything
}

// write appends what waits. After an error the same bytes go to the same place again.
func (c *clockFile) write(d *DeviceWriter, segment int) error {
	if len(c.pending) == 0 {
		return nil
	}
	var b []byte
	if c.f == nil {
		c.name = ClockName(d.info.Name, segment, d.rotated)
		f, err := d.run.fsys.OpenFile(d.run.path(c.name), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
		if err != nil {
			return err
		}
		c.f = f
	}
	if c.sum.Bytes == 0 {
		b = append(b, ClockHeader...)
	}
	for _, p := range c.pending {
		b = AppendClockLine(b, p)
	}
	if _, err := c.f.WriteAt(b, c.sum.Bytes); err != nil {
		return err
	}
	c.sum.Bytes += int64(len(b))
	c.sum.CRC32C = UpdateChecksum(c.sum.CRC32C, b)
	c.pending = nil
	return nil
}

func (c *clockFile) seal() error {
	if c.f == nil {
		return nil
	}
	if err := c.f.Truncate(c.sum.Bytes); err != nil {
		return err
	}
	return syncWhole(c.f, c.sum, &c.unsure)
}

func (c *clockFile) close() error {
	if c.f == nil {
		return nil
	}
	err := c.f.Close()
	c.f = nil
	return err
}
