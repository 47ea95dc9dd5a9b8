package replay

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/scopelog/scopelog/units"
)

// The WAV format tags that are read.
const (
	wavPCM        = 1
	wavFloat      = 3
	wavExtensible = 0xfffe
)

var errNotWAV = errors.New("not a WAV file")

// parseWAV reads one channel of a RIFF WAVE file: PCM of 8, 16, 24 or 32 bits, or IEEE floats of 32 or 64.
func parseWAV(data []byte, channel string) (Waveform, error) {
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return Waveform{}, errNotWAV
	}
	var header, samples []byte
	for rest := data[12:]; len(rest) >= 8 && samples == nil; {
		size := int64(binary.LittleEndian.Uint32(rest[4:]))
		body := rest[8:]
		size = min(size, int64(len(body))) // the size is wrong in files whose writer was interrupted
		switch string(rest[:4]) {
		case "fmt ":
			header = body[:size]
		case "data":
			samples = body[:size]
		}
		rest = body[min(size+size&1, int64(len(body))):]
	}
	if len(header) < 16 || samples == nil {
		return Waveform{}, fmt.Errorf("%w: the format or the data are missing", errNotWAV)
	}
	return decodeWAV(header, samples, channel)
}

func decodeWAV(header, samples []byte, channel string) (Waveform, error) {
	tag, channels := binary.LittleEndian.Uint16(header), int(binary.LittleEndian.Uint16(header[2:]))
	rate, bits := binary.LittleEndian.Uint32(header[4:]), int(binary.LittleEndian.Uint16(header[14:]))
	if tag == wavExtensible && len(header) >= 26 {
		tag = binary.LittleEndian.Uint16(header[24:])
	}
	number := 0
	if channel != "" {
		var err error
		if number, err = strconv.Atoi(channel); err != nil {
			return Waveform{}, fmt.Errorf("channels of a WAV file are numbers from 0, not %q", channel)
		}
	}
	if number < 0 || number >= channels {
		return Waveform{}, fmt.Errorf("there is no channel %d: the file has %d, counted from 0", number, channels)
	}
	read, full := wavReader(tag, bits)
	if read == nil {
		return Waveform{}, fmt.Errorf("samples of format %d with %d bits are not understood; write PCM of 8, 16, 24 or 32 bits or floats of 32 or 64", tag, bits)
	}
	size := bits / 8
	n := len(samples) / (size * channels)
	if n == 0 {
		return Waveform{}, errors.New("the file holds no samples")
	}
	w := Waveform{Values: make([]float32, n), FullScale: full, Rate: units.Rat(int64(rate), 1)}
	for i := range w.Values {
		w.Values[i] = finite(read(samples[(i*channels+number)*size:]))
	}
	return w, nil
}

// wavReader returns how a sample is read, and the value of full scale; nil: unknown.
func wavReader(tag uint16, bits int) (read func([]byte) float64, full float64) {
	le := binary.LittleEndian
	switch {
	case tag == wavPCM && bits == 8:
		return func(b []byte) float64 { return float64(b[0]) - 128 }, 1 << 7
	case tag == wavPCM && bits == 16:
		return func(b []byte) float64 { return float64(int16(le.Uint16(b))) }, 1 << 15
	case tag == wavPCM && bits == 24:
		return func(b []byte) float64 {
			return float64(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24) >> 8)
		}, 1 << 23
	case tag == wavPCM && bits == 32:
		return func(b []byte) float64 { return float64(int32(le.Uint32(b))) }, 1 << 31
	case tag == wavFloat && bits == 32:
		return func(b []byte) float64 { return float64(math.Float32frombits(le.Uint32(b))) }, 1
	case tag == wavFloat && bits == 64:
		return func(b []byte) float64 { return math.Float64frombits(le.Uint64(b)) }, 1
	}
	return nil, 0
}
