package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/scopelog/scopelog/recording"
)

// device and its streams, as the command names them.
const (
	device = "bench"
	first  = device + ".A"
	second = device + ".B"
)

// chunk is how many samples of a stream are written at a time, syncEach after how many they are synced.
const (
	chunk    = 1 << 20
	syncEach = 1 << 26
)

// record writes a recording with so many samples of each stream below dir and returns its folder. With planar, a file of that name gets the same
// samples stream behind stream, which is how scipy_baseline.py reads them.
func record(ctx context.Context, dir string, samples int64, planar string) (run string, err error) {
	var flat *os.File
	if planar != "" {
		if flat, err = os.Create(planar); err != nil {
			return "", err
		}
		defer func() { err = errors.Join(err, flat.Close()) }()
	}
	r, err := recording.Create(dir, "analysis", recording.Options{Program: "bench"})
	if err != nil {
		return "", err
	}
	if err := write(ctx, r, samples, flat); err != nil {
		return "", errors.Join(fmt.Errorf("write the recording: %w", err), r.Close(recording.End{Reason: "error"}))
	}
	return r.Dir(), r.Close(recording.End{Reason: "samples"})
}

func write(ctx context.Context, r *recording.Run, samples int64, flat *os.File) error {
	interval := recording.Fraction{Num: 1, Den: rate}
	start := recording.Now()
	dev, err := r.AddDevice(recording.DeviceInfo{Name: device, Driver: "sim", RawInterval: interval, Streams: []recording.StreamInfo{analog("A"), analog("B")}})
	if err != nil {
		return err
	}
	if err := dev.StartEpoch(recording.Epoch{Cause: "start", FirstUTCNS: start.UTCNS, FirstMonoNS: start.MonoNS}); err != nil {
		return err
	}
	s, buf := newGenerator(samples), make([]byte, 2*chunk)
	for at := int64(0); at < samples; at += chunk {
		p := buf[:2*min(chunk, samples-at)]
		for i := range streams {
			s.fill(p, i)
			if err := dev.Append(i, at, p, start.Add(interval.NS(at))); err != nil {
				return err
			}
			if flat != nil {
				if _, err := flat.WriteAt(p, 2*(int64(i)*samples+at)); err != nil {
					return err
				}
			}
		}
		if (at+chunk)%syncEach == 0 {
			if _, err := dev.Sync(ctx, dev.Checkpoint(nil, nil)); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return dev.Finish(ctx, recording.SealStop, nil, nil)
}

// voltsPerCount is that of a range of 5 V.
const voltsPerCount = 5.0 / 32767

// analog is a stream of that range.
func analog(channel string) recording.StreamInfo {
	volts := voltsPerCount
	return recording.StreamInfo{Channel: channel, Datatype: recording.Int16, Global: recording.Global{
		Scale: volts, Unit: "V", VoltsPerCount: &volts, Codes: &[2]int64{-32767, 32767},
	}}
}

// folder makes a folder below parent that remove takes away with all it holds.
func folder(parent string) (dir string, remove func() error, err error) {
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", nil, err
	}
	dir, err = os.MkdirTemp(parent, "scopelog-bench-")
	if err != nil {
		return "", nil, err
	}
	dir, err = filepath.Abs(dir)
	return dir, func() error { return os.RemoveAll(dir) }, err
}
