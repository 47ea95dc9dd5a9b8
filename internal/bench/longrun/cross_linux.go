package longrun

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// CrossOptions describe a run in which counters pass a number.
type CrossOptions struct {
	Options
	At    int64                  // the number: 1 << 31 and so on
	Check func(dir string) error // a further check of the recording, before it is removed; nil: none
}

// CrossReport is what such a run has shown.
type CrossReport struct {
	name     string
	at       int64
	done     []string // what passed the number, or was looked at around it
	problems []string
}

// Problems lists what is not as it should be.
func (r *CrossReport) Problems() []string { return r.problems }

// Print says what was looked at.
func (r *CrossReport) Print(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%s past %s: %s\n", r.name, spellPower(r.at), strings.Join(r.done, ", "))
	return err
}

// spellPower writes a number by its power of two.
func spellPower(n int64) string {
	for p := range 63 {
		if n == 1<<p {
			return fmt.Sprintf("2^%d", p)
		}
	}
	if n == math.MaxInt64 {
		return "2^63"
	}
	return strconv.FormatInt(n, 10)
}

func (r *CrossReport) did(what string) { r.done = append(r.done, what) }

func (r *CrossReport) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// crossing is a recording that is looked at.
type crossing struct {
	*CrossReport
	ctx  context.Context
	desk *desk
	dir  string
}

// proofs are the proof signals of the plans here, by stream.
func proofOf(rec *recording.Recording, s *recording.Stream) (recording.Proof, error) {
	g := s.Global()
	bits := g.ResolutionBits
	if g.Datatype == recording.Uint8 {
		bits = 8
	}
	device, _, _ := strings.Cut(s.Name(), ".")
	serial := rec.Run().Device(device).Serial
	return recording.NewProof(serial, g.Channel, bits, -32767, 32767)
}

// verified checks the recording as the command does, and with another reader where the caller has one.
func (c *crossing) verified(check func(string) error) error {
	if _, err := c.desk.run(c.ctx, 0, "verify", "--proof", c.dir); err != nil {
		c.problem("%v", err)
	}
	rep, err := recording.Verify(c.ctx, c.dir, recording.VerifyOptions{Proof: true})
	if err != nil {
		return err
	}
	for _, s := range rep.Streams {
		if s.Samples == 0 || s.Proven != s.Samples {
			c.problem("%s: %d of %d samples are proven", s.Name, s.Proven, s.Samples)
		}
	}
	c.did("verify --proof")
	if check != nil {
		if err := check(c.dir); err != nil {
			c.problem("the other reader: %v", err)
		}
		c.did("NumPy reader")
	}
	return nil
}

const around = 100 // samples on each side of the number

// samplesAround reads what a stream has on both sides of a device index, in one piece, and compares it with the signal.
func (c *crossing) samplesAround(rec *recording.Recording, name string, device int64) error {
	s := rec.Stream(name)
	if s == nil {
		c.problem("%s is not there", name)
		return nil
	}
	size := s.Global().Datatype.Size()
	buf := make([]byte, 2*around*size)
	n, err := s.ReadRange(buf, device-around, device+around)
	if err != nil || n != 2*around {
		c.problem("%s: %d samples around index %d can be read: %v", name, n, device, err)
		return nil
	}
	proof, err := proofOf(rec, s)
	if err != nil {
		return err
	}
	base := c.epochBase(rec, s, device)
	for i := range int64(2 * around) {
		v := int64(buf[i])
		if size == 2 {
			v = int64(int16(binary.LittleEndian.Uint16(buf[2*i:])))
		}
		g := s.Global()
		if index := device - around + i - base; !proof.Matches(string(g.Kind), g.Ratio, index*g.Ratio, v) {
			c.problem("%s: the sample of index %d is wrong", name, device-around+i)
			return nil
		}
	}
	return nil
}

// epochBase is where the epoch of a device index begins, in samples of the stream.
func (c *crossing) epochBase(rec *recording.Recording, s *recording.Stream, device int64) (base int64) {
	name, _, _ := strings.Cut(s.Name(), ".")
	for _, e := range rec.Run().Device(name).Epochs {
		if first := e.Base / s.Global().Ratio; first <= device {
			base = first
		}
	}
	return base
}

// exported writes what a stream has around a device index as a table, by the command, and compares the places.
func (c *crossing) exported(stream string, device int64) error {
	to := filepath.Join(c.desk.dir, fmt.Sprintf("%s-%d.csv", stream, device))
	_, err := c.desk.run(c.ctx, 0, "export", c.dir, "--to", to, "--stream", stream, "--counts",
		"--from", fmt.Sprint(device-around), "--until", fmt.Sprint(device+around))
	if err != nil {
		c.problem("%v", err)
		return nil
	}
	text, err := os.ReadFile(to)
	if err != nil {
		return err
	}
	rows := strings.Split(strings.TrimSpace(string(text)), "\n")
	const headings = 3 // the names, the units, and an empty line
	if len(rows) != 2*around+headings {
		c.problem("%s: the export around %d has %d rows", stream, device, len(rows)-headings)
	}
	c.did("export of " + stream)
	return nil
}

// aligned asks the command how two devices lie to each other; seconds is by how much the second one's time is ahead.
func (c *crossing) aligned(a, b string, seconds float64) error {
	text, err := c.desk.run(c.ctx, 0, "align", c.dir, a, b, "--json")
	if err != nil {
		c.problem("%v", err)
		return nil
	}
	var found any
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		return err
	}
	offsets := numbers(found, "offset")
	if len(offsets) == 0 {
		c.problem("align tells no offset: %s", text)
	}
	for _, o := range offsets {
		if o < seconds-1 || o > seconds+1 {
			c.problem("align: %s is %v s ahead of %s, want %v", b, o, a, seconds)
			break
		}
	}
	c.did("align")
	return nil
}

// numbers finds the numbers of keys that begin with a word, anywhere.
func numbers(v any, word string) (list []float64) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			list = append(list, numbers(e, word)...)
		}
	case map[string]any:
		for k, e := range v {
			if n, ok := e.(float64); ok && strings.HasPrefix(k, word) {
				list = append(list, n)
			} else {
				list = append(list, numbers(e, word)...)
			}
		}
	}
	return list
}
