package driver

import "context"

// ContractVersion is the version of this contract that this build speaks. It grows with additions; a change that
// breaks older plugins changes the protocol version of driver/rpc instead.
const ContractVersion = 1

// Driver is implemented by a plugin: one family of instruments. All methods may be called from any goroutine,
// one call at a time. Every method returns soon after ctx ends, where the vendor library allows it; where it does
// not, the process is killed. Errors are *[Error] where a kind other than [KindPermanent] applies.
type Driver interface {
	// Describe tells who the driver is and what each of its models can do. It opens no device and no vendor
	// library, needs neither, and always answers the same.
	Describe(ctx context.Context) (Description, error)
	// Discover lists the units that are attached now, those in use by others included where the library can
	// tell. It may take seconds.
	Discover(ctx context.Context, req DiscoverRequest) ([]UnitInfo, error)
	// Open opens one unit: the one with req.Serial, or the first free one. The kinds [KindNotFound] and
	// [KindBusy] tell why there is none. The caller closes the Device.
	Open(ctx context.Context, req OpenRequest) (Device, error)
}

// Device is one opened unit. Calls come one at a time, except Stop, Close and the methods of optional interfaces,
// which may come while Wait is running. After Close every call fails.
type Device interface {
	// Info tells which unit this is and how it was opened. It does not touch the hardware.
	Info() UnitInfo
	// Capabilities tells what this very unit can do in its present power state; it wins over the model's table
	// in [Description].
	Capabilities(ctx context.Context) (Capabilities, error)
	// Configure sets everything up without starting, and returns what the hardware will really do. Applied
	// lists the streams, whose order is that of the sink's streams. A request that cannot be met is an *[Error]
	// of kind [KindUnsupported] with Field set; nothing is changed silently beyond what Applied tells. It may be
	// called again after Stop.
	Configure(ctx context.Context, cfg Config) (Applied, error)
	// Start begins the acquisition into sink and returns once it runs. The sink is the driver's until Wait has
	// returned; then the driver has called Finish on it and no longer touches it.
	Start(ctx context.Context, sink Sink) error
	// Events delivers what happens on the device. The channel is the same for the device's life, and closed by
	// Close. A driver never blocks on it: an event that nobody takes is counted in [Event.Dropped] of the next.
	Events() <-chan Event
	// Wait returns when the acquisition has ended: by Stop, by itself (block modes, auto-stop), or by a failure,
	// which is the error. The sink is finished by then.
	Wait(ctx context.Context) (StopInfo, error)
	// Stop ends the acquisition: what was delivered is committed, the sink is finished, Wait returns. Stopping
	// a device that is not running is no error.
	Stop(ctx context.Context) error
	// Close stops, closes the unit and frees all. It is idempotent.
	Close(ctx context.Context) error
}

// Ability names an optional interface of a Device, as announced to the host.
type Ability string

// The abilities. A Device that implements the interface has the ability, and driver/rpc announces it.
const (
	AbilityGenerator       Ability = "signal_generator" // [GeneratorController]
	AbilityPower           Ability = "power"            // [PowerController]
	AbilityIdentify        Ability = "identify"         // [Identifier]
	AbilityPing            Ability = "ping"             // [Pinger]
	AbilitySoftwareTrigger Ability = "software_trigger" // [SoftwareTriggerer]
	AbilityArm             Ability = "arm"              // [Armer]
)

// GeneratorController changes the signal generator while the device is open, running or not.
type GeneratorController interface {
	SetGenerator(ctx context.Context, cfg *GeneratorConfig) (AppliedGenerator, error) // nil: off
}

// PowerController reads and changes the power state.
type PowerController interface {
	Power(ctx context.Context) (PowerState, error)
	SetPower(ctx context.Context, want PowerSource) (PowerState, error)
}

// Identifier makes the unit show itself, usually by a flashing light, for some seconds.
type Identifier interface {
	Identify(ctx context.Context) error
}

// Pinger asks the unit whether it is still there, without disturbing it.
type Pinger interface {
	Ping(ctx context.Context) error
}

// SoftwareTriggerer fires by command what waits for the software: a signal generator, or the acquisition's trigger where the library can.
type SoftwareTriggerer interface {
	SoftwareTrigger(ctx context.Context) error
}

// Armer arms a running block mode that was configured with [Repeat].Ordered. Arm returns as soon as the order is taken, and does
// not wait for the trigger; the unit is armed at once. The order counts for one arming: one that comes while an earlier one is
// carried out, up to its last waveform being in the sink, is refused with [KindBusy]. Without an acquisition that waits for
// orders it is refused with [KindPermanent]. Stop, and the time of [Repeat].For, end an acquisition that waits for an order.
type Armer interface {
	Arm(ctx context.Context) error
}

// Abilities lists what the device implements beyond [Device], in a fixed order.
func Abilities(d Device) []Ability {
	var a []Ability
	add := func(ok bool, name Ability) {
		if ok {
			a = append(a, name)
		}
	}
	_, ok := d.(GeneratorController)
	add(ok, AbilityGenerator)
	_, ok = d.(PowerController)
	add(ok, AbilityPower)
	_, ok = d.(Identifier)
	add(ok, AbilityIdentify)
	_, ok = d.(Pinger)
	add(ok, AbilityPing)
	_, ok = d.(SoftwareTriggerer)
	add(ok, AbilitySoftwareTrigger)
	_, ok = d.(Armer)
	add(ok, AbilityArm)
	return a
}
