package recording

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"regexp"
	"strconv"
)

// NpyDataStart is the byte at which the rows of every table begin.
const NpyDataStart = 1024

const npyMagic = "\x93NUMPY\x01\x00"

// NpyHeader returns the 1024 bytes before the rows of a table: NumPy format 1.0, descr being NumPy's list of fields as text.
func NpyHeader(descr string, rows int64) []byte {
	h := make([]byte, 0, NpyDataStart)
	h = append(h, npyMagic...)
	h = binary.LittleEndian.AppendUint16(h, NpyDataStart-10)
	h = fmt.Appendf(h, "{'descr': %s, 'fortran_order': False, 'shape': (%d,), }", descr, rows)
	for len(h) < NpyDataStart-1 {
		h = append(h, ' ')
	}
	return append(h, '\n')
}

var npyDict = regexp.MustCompile(`^\{'descr': (.+), 'fortran_order': False, 'shape': \((\d+),\), \} *\n$`)

// ParseNpyHeader reads the first 1024 bytes of a table and returns its list of fields and the number of rows it claims.
func ParseNpyHeader(b []byte) (descr string, rows int64, err error) {
	if len(b) < NpyDataStart {
		return "", 0, fmt.Errorf("read table header: %d bytes are too short", len(b))
	}
	b = b[:NpyDataStart]
	if !bytes.HasPrefix(b, []byte(npyMagic)) || binary.LittleEndian.Uint16(b[8:]) != NpyDataStart-10 {
		return "", 0, fmt.Errorf("read table header: not NumPy 1.0 with rows from byte %d", NpyDataStart)
	}
	m := npyDict.FindSubmatch(b[10:])
	if m == nil {
		return "", 0, fmt.Errorf("read table header: %.80q is not understood", b[10:])
	}
	rows, err = strconv.ParseInt(string(m[2]), 10, 64)
	if err != nil {
		return "", 0, fmt.Errorf("read table header: number of rows: %w", err)
	}
	return string(m[1]), rows, nil
}
