package replay

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/units"
)

const recorded = "../../testdata/breaker_opening.json"

func TestRecordedWaveform(t *testing.T) {
	t.Parallel()
	for _, channel := range []string{"IN", "3", "HV neutral current"} {
		w, err := Load(recorded, "auto", channel)
		if err != nil {
			t.Fatal(err)
		}
		if w.Rate != units.Rat(1200, 1) || w.FullScale != 0 || len(w.Values) != 7200 {
			t.Fatalf("channel %s: rate %v, full scale %g, %d values", channel, w.Rate, w.FullScale, len(w.Values))
		}
		// The neutral current exceeds 50 A for 5 ms only, with a peak of 319.7 A at sample 1176.
		var above []int
		peak := 0
		for i, v := range w.Values {
			if math.Abs(float64(v)) > 50 {
				above = append(above, i)
			}
			if math.Abs(float64(v)) > math.Abs(float64(w.Values[peak])) {
				peak = i
			}
		}
		if !slices.Equal(above, []int{1174, 1175, 1176, 1177, 1178, 1179}) || peak != 1176 || math.Abs(float64(w.Values[peak])-319.7) > 0.05 {
			t.Errorf("channel %s: above 50 A at %v, peak %g A at %d", channel, above, w.Values[peak], peak)
		}
	}
	if w, err := Load(recorded, "", ""); err != nil || len(w.Values) != 7200 {
		t.Errorf("the first channel: %d values, %v", len(w.Values), err)
	}
	if _, err := Load(recorded, "", "IX"); err == nil || !strings.Contains(err.Error(), "IR, IS, IT, IN, VR, VN") {
		t.Errorf("an unknown channel: %v", err)
	}
	port, rate, err := LoadPort(recorded, "auto")
	if err != nil || len(port) != 7200 || rate != units.Rat(1200, 1) {
		t.Fatalf("digital lines: %d, rate %v, %v", len(port), rate, err)
	}
	last := 0 // contact "T closed" is line 6 and falls at 1176
	for i, v := range port {
		if v&(1<<6) != 0 {
			last = i
		}
	}
	if last != 1175 {
		t.Errorf("line 6 falls at %d, not 1176", last+1)
	}
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func packed(v any) []byte {
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestFlatFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, format string
		data         []byte
		want         []float32
		full         float64
	}{
		{"a.i8", "", []byte{0x80, 0, 127}, []float32{-128, 0, 127}, 128},
		{"a.u8", "auto", []byte{0, 128, 255}, []float32{-128, 0, 127}, 128},
		{"a.i16", "", packed([]int16{-32768, 5}), []float32{-32768, 5}, 32768},
		{"a.raw", "i32", packed([]int32{1 << 30, -3}), []float32{1 << 30, -3}, 1 << 31},
		{"a.f32", "", packed([]float32{1.5, float32(math.Inf(1))}), []float32{1.5, math.MaxFloat32}, 0},
		{"a.f64", "", packed([]float64{-2.25, math.NaN(), -1e300}), []float32{-2.25, 0, -math.MaxFloat32}, 0},
	} {
		w, err := Load(write(t, c.name, c.data), c.format, "")
		if err != nil || !slices.Equal(w.Values, c.want) || w.FullScale != c.full || !w.Rate.IsZero() {
			t.Errorf("%s: %v, full scale %g, rate %v, %v; want %v, %g", c.name, w.Values, w.FullScale, w.Rate, err, c.want, c.full)
		}
	}
}

// wav makes a WAV file; extra chunks stand before the data.
func wav(tag uint16, channels, rate, bits int, samples []byte, extra string) []byte {
	header := append(packed([]uint16{tag, uint16(channels)}), packed([]uint32{uint32(rate), uint32(rate * channels * bits / 8)})...)
	header = append(header, packed([]uint16{uint16(channels * bits / 8), uint16(bits)})...)
	if tag == wavExtensible {
		header = append(header, packed([]uint16{22, uint16(bits), 0, 0, wavPCM, 0, 0, 0, 0, 0, 0, 0})...)
	}
	chunk := func(id string, body []byte) []byte {
		b := append([]byte(id), packed(uint32(len(body)))...)
		b = append(b, body...)
		if len(body)%2 != 0 {
			b = append(b, 0)
		}
		return b
	}
	body := append([]byte("WAVE"), chunk("fmt ", header)...)
	if extra != "" {
		body = append(body, chunk("LIST", []byte(extra))...)
	}
	body = append(body, chunk("data", samples)...)
	return append(append([]byte("RIFF"), packed(uint32(len(body)))...), body...)
}

func TestWAV(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		data    []byte
		channel string
		want    []float32
		full    float64
	}{
		{"8 bit", wav(wavPCM, 1, 8000, 8, []byte{0, 128, 255}, ""), "", []float32{-128, 0, 127}, 128},
		{"16 bit, second of two", wav(wavPCM, 2, 8000, 16, packed([]int16{1, 2, 3, 4}), "odd"), "1", []float32{2, 4}, 32768},
		{"24 bit", wav(wavPCM, 1, 8000, 24, []byte{0xff, 0xff, 0xff, 0, 0, 0x40}, ""), "0", []float32{-1, 1 << 22}, 1 << 23},
		{"32 bit", wav(wavPCM, 1, 8000, 32, packed([]int32{-7}), ""), "", []float32{-7}, 1 << 31},
		{"floats", wav(wavFloat, 1, 8000, 32, packed([]float32{0.5, -1}), ""), "", []float32{0.5, -1}, 1},
		{"doubles", wav(wavFloat, 1, 8000, 64, packed([]float64{0.25}), ""), "", []float32{0.25}, 1},
		{"extensible", wav(wavExtensible, 1, 8000, 16, packed([]int16{9}), ""), "", []float32{9}, 32768},
		{"last sample incomplete", wav(wavPCM, 1, 8000, 16, []byte{1, 0, 2}, ""), "", []float32{1}, 32768},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := Load(write(t, "a.wav", c.data), "", c.channel)
			if err != nil || !slices.Equal(w.Values, c.want) || w.FullScale != c.full || w.Rate != units.Rat(8000, 1) {
				t.Errorf("%v, full scale %g, rate %v, %v; want %v, %g", w.Values, w.FullScale, w.Rate, err, c.want, c.full)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := wav(wavPCM, 1, 8000, 16, packed([]int16{1}), "")
	for _, c := range []struct {
		name, file, format, channel string
		data                        []byte
		want                        string
	}{
		{"unknown ending", "a.mp3", "", "", []byte{1}, "say one of"},
		{"odd length", "a.i16", "", "", []byte{1, 2, 3}, "whole number"},
		{"empty", "a.i16", "", "", nil, "at least one"},
		{"second channel of a flat file", "a.i16", "", "1", []byte{1, 2}, "one channel"},
		{"not a WAV", "a.wav", "", "", []byte("RIFFxxxxAVI "), "not a WAV"},
		{"no data", "a.wav", "", "", good[:36], "missing"},
		{"empty data", "a.wav", "", "", good[:44], "no samples"},
		{"no such channel", "a.wav", "", "2", good, "no channel 2"},
		{"channel by name", "a.wav", "", "left", good, "numbers"},
		{"12 bit", "a.wav", "", "", wav(wavPCM, 1, 8000, 12, []byte{1, 2}, ""), "not understood"},
		{"not json", "a.json", "", "", []byte("{"), "description"},
		{"no channels", "a.json", "", "", []byte("{}"), "no channels"},
		{"file elsewhere", "a.json", "", "", []byte(`{"channels":[{"file":"../x.i16"}]}`), "beside"},
		{"file missing", "a.json", "", "", []byte(`{"channels":[{"file":"x.i16","label":"x"}]}`), "x.i16"},
		{"described wav", "a.json", "", "", []byte(`{"channels":[{"file":"x.wav"}]}`), "not a flat file"},
		{"bad rate", "a.json", "", "", []byte(`{"sample_rate_hz":-1,"channels":[]}`), "not a rate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(write(t, c.file, c.data), c.format, c.channel)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want something about %q", err, c.want)
			}
		})
	}
	if _, err := Load(t.TempDir(), "i16", ""); err == nil || !strings.Contains(err.Error(), "regular") {
		t.Errorf("a folder: %v", err)
	}
	if _, _, err := LoadPort(write(t, "a.i16", []byte{1, 2}), ""); err == nil {
		t.Error("a port plays 16 bit samples")
	}
	if _, _, err := LoadPort(write(t, "a.u8", nil), ""); err == nil {
		t.Error("a port plays nothing")
	}
	if _, _, err := LoadPort(write(t, "a.json", []byte("{}")), ""); err == nil || !strings.Contains(err.Error(), "digital") {
		t.Errorf("a description without digital lines: %v", err)
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]units.Rational{
		"": {}, "1200.0": units.Rat(1200, 1), "0.3333333333333333": units.Rat(1, 3), "2.5e8": units.Rat(250_000_000, 1),
		"0.5": units.Rat(1, 2), "44100": units.Rat(44100, 1), "0.3": units.Rat(3, 10),
	} {
		if got, err := exactRate(json.Number(text)); err != nil || got.Cmp(want) != 0 {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
}

// FuzzWAV checks that no file makes the reader panic or give out what is not there.
func FuzzWAV(f *testing.F) {
	f.Add(wav(wavPCM, 2, 8000, 16, packed([]int16{1, 2, 3, 4}), "x"), "1")
	f.Add(wav(wavExtensible, 1, 8000, 24, []byte{1, 2, 3}, ""), "")
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEfmt \xff\xff\xff\xff"), "0")
	f.Fuzz(func(t *testing.T, data []byte, channel string) {
		w, err := parseWAV(data, channel)
		if err != nil {
			return
		}
		if len(w.Values) == 0 || len(w.Values) > len(data) {
			t.Errorf("%d values out of %d bytes", len(w.Values), len(data))
		}
		for _, v := range w.Values {
			if v != v || math.IsInf(float64(v), 0) {
				t.Errorf("value %g", v)
			}
		}
	})
}
