package rpc

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

var driverName = regexp.MustCompile(`^[a-z][a-z0-9]{0,31}$`)

// checkDescription finds what would mislead a host.
func checkDescription(d driver.Description) error {
	low, high := contractVersions()
	switch {
	case !driverName.MatchString(d.Name):
		return fmt.Errorf("the driver's name %q is not of the form [a-z][a-z0-9]*", printable(d.Name, 64))
	case d.ContractMin > high || d.ContractMax < low:
		return fmt.Errorf("contract versions %d-%d", d.ContractMin, d.ContractMax)
	case d.MaxDevices < 1:
		return fmt.Errorf("%d devices at most", d.MaxDevices)
	}
	return nil
}

// maxName is how many bytes the name of a model, or a serial number, may have.
const maxName = 128

// channelName is what files can be named after: the names of a run's files are made of the plan's and of these.
var channelName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// checkChannels looks at every name that could become a part of a file's.
func checkChannels(a driver.Applied) error {
	check := func(name string) error {
		if !channelName.MatchString(name) {
			return fmt.Errorf("the channel's name %q is not of letters, digits, - and _", printable(name, 64))
		}
		return nil
	}
	for _, c := range a.Channels {
		if err := check(c.Channel); err != nil {
			return err
		}
	}
	for _, c := range a.Digital {
		if err := check(c.Port); err != nil {
			return err
		}
	}
	return nil
}

func checkUnit(id uint64, u driver.UnitInfo) error {
	switch {
	case id == 0:
		return errors.New("the device has no number")
	case u.Model == "" || u.Serial == "":
		return errors.New("the unit has no model or no serial number")
	case len(u.Model) > maxName || len(u.Serial) > maxName:
		return fmt.Errorf("a model of %d and a serial number of %d bytes, at most %d are possible", len(u.Model), len(u.Serial), maxName)
	case u.InUse:
		return errors.New("the unit that was opened is in use by another program")
	}
	return nil
}

var (
	streamKinds = []driver.StreamKind{driver.StreamRaw, driver.StreamMin, driver.StreamMax, driver.StreamDecimate, driver.StreamAverage, driver.StreamSum}
	modes       = []driver.Mode{driver.ModeStream, driver.ModeBlock, driver.ModeRapidBlock}
)

// checkApplied finds what a ring cannot be made for, or a recording cannot say.
func checkApplied(a driver.Applied) error {
	switch {
	case !slices.Contains(modes, a.Mode):
		return fmt.Errorf("mode %q", printable(string(a.Mode), 64))
	case a.Interval.Sign() <= 0:
		return fmt.Errorf("sample interval %v", a.Interval)
	case len(a.Streams) < 1 || len(a.Streams) > shmring.MaxLanes:
		return fmt.Errorf("%d streams, 1 to %d are possible", len(a.Streams), shmring.MaxLanes)
	case a.DeliveryPeriod < 0 || a.PreSamples < 0 || a.PostSamples < 0 || a.Captures < 0:
		return errors.New("a negative time or count")
	}
	if err := checkChannels(a); err != nil {
		return err
	}
	for i, s := range a.Streams {
		if err := checkStream(a, s); err != nil {
			return fmt.Errorf("stream %d: %w", i, err)
		}
		same := func(o driver.Stream) bool { return o.Channel == s.Channel && o.Kind == s.Kind }
		if slices.ContainsFunc(a.Streams[:i], same) {
			return fmt.Errorf("stream %d: %s %s comes twice", i, s.Channel, s.Kind)
		}
	}
	return nil
}

func checkStream(a driver.Applied, s driver.Stream) error {
	analog := slices.ContainsFunc(a.Channels, func(c driver.AppliedChannel) bool { return c.Channel == s.Channel })
	digital := slices.ContainsFunc(a.Digital, func(c driver.AppliedDigital) bool { return c.Port == s.Channel })
	switch {
	case !slices.Contains(streamKinds, s.Kind):
		return fmt.Errorf("kind %q", printable(string(s.Kind), 64))
	case s.Type.Bytes() == 0:
		return fmt.Errorf("sample type %q", printable(string(s.Type), 64))
	case s.Ratio < 1 || s.Ratio > 1<<31-1 || s.Kind == driver.StreamRaw && s.Ratio != 1:
		return fmt.Errorf("ratio %d of kind %s", s.Ratio, s.Kind)
	case s.Digital && !digital || !s.Digital && !analog:
		return fmt.Errorf("channel %q is not among those applied", printable(s.Channel, 64))
	case s.WaveformSamples < 0:
		return fmt.Errorf("%d samples per waveform", s.WaveformSamples)
	}
	return nil
}
