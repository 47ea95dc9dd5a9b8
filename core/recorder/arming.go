package recorder

import (
	"fmt"

	"github.com/scopelog/scopelog/recording"
)

// LeaveArming accounts for the arming in the middle of which the device was lost: its waveforms that had not come are lost, as the next arming
// goes on behind it. One that had brought nothing is done again, and nothing of it is missing; a device that is armed by order only is for
// [Device.LeaveOrders]. It returns how many are lost; they become an event.
// It is called between [Device.Drain] and the next one or [Device.Finish], from the same goroutine.
func (d *Device) LeaveArming(why string) int64 {
	b := d.blocks
	if b == nil || b.inArm == 0 {
		return 0
	}
	left := d.o.Captures - b.inArm
	return d.leave(left, fmt.Sprintf("%d waveforms of arming %d stayed in the device: %s", left, b.nextArm-1, why))
}

// LeaveOrders is [Device.LeaveArming] for a device that is armed by order: left is how many of the waveforms that were ordered have not come. An
// order is not given again, so all of them are lost, also where it had brought nothing.
func (d *Device) LeaveOrders(left int64, why string) int64 {
	if d.blocks == nil {
		return 0
	}
	return d.leave(left, fmt.Sprintf("%d waveforms that were ordered did not come: %s", left, why))
}

func (d *Device) leave(left int64, text string) int64 {
	d.blocks.inArm = 0
	if left <= 0 || d.reachedSamples() {
		return 0
	}
	index := d.lanes[0].next * d.lanes[0].ratio
	err := d.o.Run.Event(recording.Event{Kind: recording.EventWaveformLost, Device: d.o.Name, Index: &index, Epoch: new(max(d.epoch, 0)), Count: left, Text: text})
	if err != nil {
		d.o.Logger.Error("lost waveforms were not written down", "device", d.o.Name, "error", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stats.WaveformsCut += left
	if !d.ending.Load() {
		d.stats.WaveformsLost += left
	}
	return left
}
