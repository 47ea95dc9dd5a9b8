//go:build cgo

package capi

// #include "ps6000a.h"
import "C"

import (
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// The callbacks are C functions of the type in ps6000a.h, nil for none. The library calls them on a thread of its own,
// one at a time, until the unit is closed.

// SetProbeInteractionCallback registers a PicoProbeInteractions. The first one starts the search for probes.
func (a *API) SetProbeInteractionCallback(handle Handle, callback unsafe.Pointer) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetProbeInteractionCallback(&a.c, C.int16_t(handle), C.PicoProbeInteractions(callback)))
}

// SetDigitalPortInteractionCallback registers a ps6000aDigitalPortInteractions.
func (a *API) SetDigitalPortInteractionCallback(handle Handle, callback unsafe.Pointer) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetDigitalPortInteractionCallback(&a.c, C.int16_t(handle), C.ps6000aDigitalPortInteractions(callback)))
}

// SetExternalReferenceInteractionCallback registers a PicoExternalReferenceInteractions.
func (a *API) SetExternalReferenceInteractionCallback(handle Handle, callback unsafe.Pointer) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetExternalReferenceInteractionCallback(&a.c, C.int16_t(handle), C.PicoExternalReferenceInteractions(callback)))
}

// SetAWGOverrangeInteractionCallback registers a PicoAWGOverrangeInteractions.
func (a *API) SetAWGOverrangeInteractionCallback(handle Handle, callback unsafe.Pointer) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetAWGOverrangeInteractionCallback(&a.c, C.int16_t(handle), C.PicoAWGOverrangeInteractions(callback)))
}

// SetTemperatureSensorInteractionCallback registers a PicoTemperatureSensorInteractions.
func (a *API) SetTemperatureSensorInteractionCallback(handle Handle, callback unsafe.Pointer) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetTemperatureSensorInteractionCallback(&a.c, C.int16_t(handle), C.PicoTemperatureSensorInteractions(callback)))
}

// SetProbeUserActionCallback registers a PicoProbeUserAction with its pParameter, which is not Go memory.
func (a *API) SetProbeUserActionCallback(handle Handle, callback, pParameter unsafe.Pointer) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetProbeUserActionCallback(&a.c, C.int16_t(handle), C.PicoProbeUserAction(callback), pParameter))
}
