package replay

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/scopelog/scopelog/units"
)

// MaxFile is the largest file that is read, in bytes: the values are kept in memory.
const MaxFile = 256 << 20

// Formats are the file formats, by the names that options use.
var Formats = []string{"auto", "wav", "json", "i8", "u8", "i16", "i32", "f32", "f64"}

// Waveform is one channel of a recorded waveform.
type Waveform struct {
	Values []float32
	// FullScale is the value that stands for full scale, 0 where the values are physical ones.
	FullScale float64
	// Rate is the rate of the recording in samples per second, 0 when the file does not tell.
	Rate units.Rational
}

// Load reads a channel of a file. format is one of [Formats], empty for auto: by the file's ending. channel is a number
// from 0 or, in a JSON description, a label or the channel part of a file's name; empty means the first.
func Load(path, format, channel string) (Waveform, error) {
	format, err := resolve(path, format)
	if err != nil {
		return Waveform{}, err
	}
	switch format {
	case "json":
		return loadDescribed(path, channel)
	case "wav":
		data, err := read(path)
		if err != nil {
			return Waveform{}, err
		}
		w, err := parseWAV(data, channel)
		if err != nil {
			return Waveform{}, fmt.Errorf("%s: %w", path, err)
		}
		return w, nil
	}
	if channel != "" && channel != "0" {
		return Waveform{}, fmt.Errorf("%s: a flat file has one channel, there is no channel %q", path, channel)
	}
	data, err := read(path)
	if err != nil {
		return Waveform{}, err
	}
	return flat(path, data, format)
}

// LoadPort reads the bytes of a digital port: a flat file of bytes, or the digital lines of a JSON description.
func LoadPort(path, format string) (values []byte, rate units.Rational, err error) {
	if format, err = resolve(path, format); err != nil {
		return nil, rate, err
	}
	switch format {
	case "json":
		return loadDescribedPort(path)
	case "u8", "i8":
	default:
		return nil, rate, fmt.Errorf("%s: a digital port plays files of bytes (u8) or json descriptions, not %s", path, format)
	}
	values, err = read(path)
	if err == nil && len(values) == 0 {
		err = fmt.Errorf("%s holds no samples", path)
	}
	return values, rate, err
}

func resolve(path, format string) (string, error) {
	if format == "" || format == "auto" {
		format = strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
		if format == "wave" {
			format = "wav"
		}
	}
	for _, f := range Formats[1:] {
		if f == format {
			return f, nil
		}
	}
	return "", fmt.Errorf("%s: the format cannot be told from the file's ending; say one of %s", path, strings.Join(Formats[1:], ", "))
}

// read returns a file's content, refusing what is not a file of reasonable size.
func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	if info.Size() > MaxFile {
		return nil, fmt.Errorf("%s has %d bytes; at most %s are read", path, info.Size(), units.Bytes(MaxFile))
	}
	return io.ReadAll(io.LimitReader(f, MaxFile))
}

// sampleSize gives the bytes per value of the flat formats.
var sampleSize = map[string]int{"i8": 1, "u8": 1, "i16": 2, "i32": 4, "f32": 4, "f64": 8}

func flat(path string, data []byte, format string) (Waveform, error) {
	size := sampleSize[format]
	if len(data) == 0 || len(data)%size != 0 {
		return Waveform{}, fmt.Errorf("%s: %d bytes are not a whole number of %s samples, at least one", path, len(data), format)
	}
	w := Waveform{Values: make([]float32, len(data)/size)}
	switch format {
	case "i8", "u8":
		w.FullScale = 1 << 7
	case "i16":
		w.FullScale = 1 << 15
	case "i32":
		w.FullScale = 1 << 31
	}
	for i := range w.Values {
		w.Values[i] = finite(decode(data[i*size:], format))
	}
	return w, nil
}

func decode(b []byte, format string) float64 {
	switch format {
	case "i8":
		return float64(int8(b[0]))
	case "u8":
		return float64(b[0]) - 128 // unsigned samples rest at the middle, as in WAV files
	case "i16":
		return float64(int16(binary.LittleEndian.Uint16(b)))
	case "i32":
		return float64(int32(binary.LittleEndian.Uint32(b)))
	case "f32":
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

// finite takes 0 for what is no number, and the largest number for what is infinite.
func finite(v float64) float32 {
	switch {
	case math.IsNaN(v):
		return 0
	case v > math.MaxFloat32:
		return math.MaxFloat32
	case v < -math.MaxFloat32:
		return -math.MaxFloat32
	}
	return float32(v)
}
