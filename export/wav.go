package export

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/scopelog/scopelog/convert"
)

// Tags of WAV formats.
const (
	wavPCM        = 1
	wavFloat      = 3
	wavExtensible = 0xfffe
)

const (
	wavFrame  = math.MaxUint16 // the most bytes that a sample of all channels can have
	riffLimit = math.MaxUint32 // the most bytes behind the first 8 that RIFF can tell; files of more are RF64
)

// wavGUID is what follows the tag in the GUID of an extensible format.
const wavGUID = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"

// wav writes a WAV file in which the streams are channels: float32 values as they are, not scaled to +-1; with counts whole numbers of 16 bits,
// or 32 where a stream has more. Waveforms of a block mode stand one behind the other. From 4 GiB on the file is RF64. A comment tells which
// channel is which stream, and its unit.
type wav struct {
	w       *output
	tag     uint16
	bits    uint16
	scratch []byte
}

// wavFits refuses digital ports, and rates and numbers of channels that do not fit.
func wavFits(o *Options, h *header) error {
	for _, c := range h.columns {
		if c.Digital() {
			return &UnfitError{Ending: ".wav", Stream: c.Stream.Name(), Reason: "it is a digital port", Advice: "choose the other streams; .vcd and .sr hold digital ports"}
		}
	}
	_, bits, err := wavSamples(o, h)
	if err != nil {
		return err
	}
	if most := wavFrame / int(bits/8); len(h.columns) > most {
		return &UnfitError{
			Ending: ".wav", Reason: fmt.Sprintf("a file has at most %s of %d bits, and these are %s", plural(int64(most), "channel"), bits, plural(int64(len(h.columns)), "stream")),
			Advice: "choose fewer with --stream; .h5 and .parquet hold them all",
		}
	}
	return rateFits(".wav", h, math.MaxUint32)
}

func newWav(o *Options, h *header, w *output) (encoder, error) {
	tag, bits, err := wavSamples(o, h)
	if err != nil {
		return nil, err
	}
	e := &wav{w: w, tag: tag, bits: bits}
	_, err = w.Write(e.head(o, h))
	return e, err
}

// wavSamples returns the format of the samples of a file, and a [*FillError] for whole numbers that are missing.
func wavSamples(o *Options, h *header) (tag, bits uint16, err error) {
	if o.Quantity != convert.Counts {
		return wavFloat, 32, nil
	}
	items, err := itemsOf(h, true)
	if err != nil {
		return 0, 0, err
	}
	tag, bits = wavCounts(items)
	return tag, bits, nil
}

// wavCounts returns the format that holds counts of all these types.
func wavCounts(items []item) (tag, bits uint16) {
	tag, bits = wavPCM, 16
	for _, k := range items {
		switch {
		case k == itemInt32 && tag == wavFloat, k.float() && bits == 32 && tag == wavPCM:
			return wavFloat, 64
		case k == itemInt32:
			bits = 32
		case k.float():
			tag, bits = wavFloat, 32
		}
	}
	return tag, bits
}

// head returns all that stands before the samples.
func (e *wav) head(o *Options, h *header) []byte {
	channels := int64(len(h.columns))
	frames := h.rows * max(h.waveform, 1)
	frame := channels * int64(e.bits/8)
	data := frames * frame
	format := e.format(uint16(channels), h.rate(".wav"))
	fact := binary.LittleEndian.AppendUint32(nil, uint32(min(frames, math.MaxUint32)))
	rest := chunk("fmt ", format)
	rest = append(rest, chunk("fact", fact)...)
	rest = append(rest, chunk("LIST", append([]byte("INFO"), chunk("ICMT", []byte(comment(h)+"\x00"))...))...)
	total := 4 + int64(len(rest)) + 8 + data
	if total <= o.limitOr(riffLimit) {
		p := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(total))
		p = append(append(p, "WAVE"...), rest...)
		return binary.LittleEndian.AppendUint32(append(p, "data"...), uint32(data))
	}
	const ds64 = 28
	sizes := binary.LittleEndian.AppendUint64(nil, uint64(total+8+ds64))
	sizes = binary.LittleEndian.AppendUint64(sizes, uint64(data))
	sizes = binary.LittleEndian.AppendUint64(sizes, uint64(frames))
	sizes = binary.LittleEndian.AppendUint32(sizes, 0) // no other chunk is that large
	p := append([]byte("RF64\xff\xff\xff\xffWAVE"), chunk("ds64", sizes)...)
	return append(append(p, rest...), "data\xff\xff\xff\xff"...)
}

// format returns the content of the chunk that tells the format. More than two channels, or whole numbers of 32 bits, need the extensible form.
func (e *wav) format(channels uint16, rate uint64) []byte {
	extensible := channels > 2 || e.tag == wavPCM && e.bits > 16
	tag := e.tag
	if extensible {
		tag = wavExtensible
	}
	frame := uint32(channels) * uint32(e.bits/8)
	p := binary.LittleEndian.AppendUint16(nil, tag)
	p = binary.LittleEndian.AppendUint16(p, channels)
	p = binary.LittleEndian.AppendUint32(p, uint32(rate))
	p = binary.LittleEndian.AppendUint32(p, uint32(min(rate*uint64(frame), math.MaxUint32)))
	p = binary.LittleEndian.AppendUint16(p, uint16(frame))
	p = binary.LittleEndian.AppendUint16(p, e.bits)
	switch {
	case extensible:
		p = binary.LittleEndian.AppendUint16(p, 22)
		p = binary.LittleEndian.AppendUint16(p, e.bits)
		p = binary.LittleEndian.AppendUint32(p, 0) // the channels are no loudspeakers
		p = binary.LittleEndian.AppendUint16(p, e.tag)
		p = append(p, wavGUID...)
	case e.tag == wavFloat:
		p = binary.LittleEndian.AppendUint16(p, 0)
	}
	return p
}

// chunk returns a chunk of even length.
func chunk(name string, content []byte) []byte {
	p := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	p = append(p, content...)
	if len(p)%2 > 0 {
		p = append(p, 0)
	}
	return p
}

// comment tells what a file shows: streams with their units, and when the first sample was taken.
func comment(h *header) string {
	list := make([]string, len(h.columns))
	for i, c := range h.columns {
		list[i] = strings.TrimSpace(c.Stream.Name() + " " + inBrackets(c.Unit()))
	}
	return strings.Join(list, ", ") + " from " + startText(h.start)
}

func (e *wav) write(b *batch) error {
	p := e.scratch[:0]
	for i := range b.values[0] {
		for _, values := range b.values {
			switch v := values[i]; {
			case e.bits == 64:
				p = binary.LittleEndian.AppendUint64(p, math.Float64bits(v))
			case e.tag == wavFloat:
				p = binary.LittleEndian.AppendUint32(p, math.Float32bits(float32(v)))
			case e.bits == 32:
				p = binary.LittleEndian.AppendUint32(p, uint32(int32(v)))
			default:
				p = binary.LittleEndian.AppendUint16(p, uint16(int16(v)))
			}
		}
	}
	e.scratch = p
	_, err := e.w.Write(p)
	return err
}

func (e *wav) end() error { return nil }
