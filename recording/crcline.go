package recording

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
)

// ErrChecksum is returned for a line or file whose CRC suffix is missing or wrong.
var ErrChecksum = errors.New("checksum does not match")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// UpdateChecksum continues a CRC-32C over p; it starts at 0. It runs at memory speed.
func UpdateChecksum(c Checksum, p []byte) Checksum {
	return Checksum(crc32.Update(uint32(c), castagnoli, p))
}

// crcSuffixLen is the length of `,"crc":"xxxxxxxx"}` and a newline.
const crcSuffixLen = 19

// AppendCRC ends a JSON object by the CRC rule (docs/format/journal.md, section 6): object is the complete object, whose final brace is
// replaced by the checksum of all before it. Blanks and newlines behind the brace are dropped. An empty object is an error, as it could
// not take a comma.
func AppendCRC(object []byte) ([]byte, error) {
	object = bytes.TrimRight(object, " \t\r\n")
	body, ok := bytes.CutSuffix(object, []byte("}"))
	if !ok || len(bytes.TrimSpace(body)) < 2 {
		return nil, fmt.Errorf("append checksum: %d bytes are no JSON object with a key", len(object))
	}
	sum := crc32.Checksum(body, castagnoli)
	line := make([]byte, 0, len(body)+crcSuffixLen)
	line = append(append(line, body...), `,"crc":"`...)
	return append(appendHex(line, sum), "\"}\n"...), nil
}

// VerifyCRC checks that b ends by the CRC rule, newline included, and returns the JSON object (b without the newline, the crc key
// included). The result shares b's memory. The error is [ErrChecksum].
func VerifyCRC(b []byte) ([]byte, error) {
	n := len(b) - crcSuffixLen
	if n < 1 {
		return nil, fmt.Errorf("%d bytes are too short: %w", len(b), ErrChecksum)
	}
	tail := b[n:]
	if !bytes.HasPrefix(tail, []byte(`,"crc":"`)) || !bytes.HasSuffix(tail, []byte("\"}\n")) {
		return nil, fmt.Errorf("no checksum at the end: %w", ErrChecksum)
	}
	want, ok := parseHex(tail[8:16])
	if got := crc32.Checksum(b[:n], castagnoli); !ok || got != want {
		return nil, fmt.Errorf("have %s, computed %s: %w", tail[8:16], Checksum(got), ErrChecksum)
	}
	return b[:len(b)-1], nil
}
