package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/scopelog/scopelog/units"
)

// description is a JSON file that describes flat files beside it.
type description struct {
	Name     string      `json:"name"`
	Rate     json.Number `json:"sample_rate_hz"`
	Channels []struct {
		File   string  `json:"file"`
		Label  string  `json:"label"`
		Scale  float64 `json:"units_per_count"`
		Offset float64 `json:"offset"`
	} `json:"channels"`
	Digital *struct {
		File string `json:"file"`
	} `json:"digital"`
}

func describe(path string) (description, units.Rational, error) {
	var d description
	data, err := read(path)
	if err != nil {
		return d, units.Rational{}, err
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return d, units.Rational{}, fmt.Errorf("%s: not the description of a waveform: %w", path, err)
	}
	rate, err := exactRate(d.Rate)
	if err != nil {
		return d, rate, fmt.Errorf("%s: sample_rate_hz: %w", path, err)
	}
	return d, rate, nil
}

// exactRate reads a rate in Hz. A rate below 1 that is 1/n to the digits of a double is taken for 1/n.
func exactRate(n json.Number) (units.Rational, error) {
	if n == "" {
		return units.Rational{}, nil
	}
	f, err := n.Float64()
	if err != nil || f <= 0 {
		return units.Rational{}, fmt.Errorf("%q is not a rate", n)
	}
	if whole := int64(1/f + 0.5); f < 1 && whole < 1<<40 && 1/float64(whole) == f {
		return units.Rat(1, whole), nil
	}
	r, ok := new(big.Rat).SetString(n.String())
	if !ok || !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return units.Rational{}, fmt.Errorf("%q is not a rate that fits 64 bits", n)
	}
	return units.NewRational(r.Num().Int64(), r.Denom().Int64())
}

// beside returns the path of a file that a description names: it must lie in the same folder.
func beside(path, file string) (string, error) {
	if file == "" || file != filepath.Base(file) || file == ".." {
		return "", fmt.Errorf("%s: %q is not the name of a file beside it", path, file)
	}
	return filepath.Join(filepath.Dir(path), file), nil
}

func loadDescribed(path, channel string) (Waveform, error) {
	d, rate, err := describe(path)
	if err != nil {
		return Waveform{}, err
	}
	at, err := d.find(channel)
	if err != nil {
		return Waveform{}, fmt.Errorf("%s: %w", path, err)
	}
	c := d.Channels[at]
	file, err := beside(path, c.File)
	if err != nil {
		return Waveform{}, err
	}
	format, err := resolve(file, "")
	if err != nil || sampleSize[format] == 0 {
		return Waveform{}, fmt.Errorf("%s: %q is not a flat file of samples", path, c.File)
	}
	data, err := read(file)
	if err != nil {
		return Waveform{}, fmt.Errorf("channel %q of %s: %w", c.Label, path, err)
	}
	w, err := flat(file, data, format)
	if err != nil {
		return Waveform{}, err
	}
	scale := c.Scale
	if scale == 0 {
		scale = 1
	}
	for i, v := range w.Values {
		w.Values[i] = finite(float64(v)*scale + c.Offset)
	}
	w.FullScale, w.Rate = 0, rate
	return w, nil
}

// find returns the index of a channel by number, label, or the part of the file's name before the ending: NAME.CHANNEL.i16.
func (d description) find(channel string) (int, error) {
	if len(d.Channels) == 0 {
		return 0, errors.New("the description has no channels")
	}
	if channel == "" {
		return 0, nil
	}
	var names []string
	for i, c := range d.Channels {
		stem := strings.TrimSuffix(c.File, filepath.Ext(c.File))
		short := strings.TrimPrefix(stem, d.Name+".")
		if channel == short || channel == c.Label {
			return i, nil
		}
		names = append(names, short)
	}
	if n, err := strconv.Atoi(channel); err == nil && n >= 0 && n < len(d.Channels) {
		return n, nil
	}
	return 0, fmt.Errorf("there is no channel %q; there are %s", channel, strings.Join(names, ", "))
}

func loadDescribedPort(path string) ([]byte, units.Rational, error) {
	d, rate, err := describe(path)
	if err != nil {
		return nil, rate, err
	}
	if d.Digital == nil {
		return nil, rate, fmt.Errorf("%s has no digital lines", path)
	}
	file, err := beside(path, d.Digital.File)
	if err != nil {
		return nil, rate, err
	}
	values, err := read(file)
	if err == nil && len(values) == 0 {
		err = fmt.Errorf("%s holds no samples", file)
	}
	return values, rate, err
}
