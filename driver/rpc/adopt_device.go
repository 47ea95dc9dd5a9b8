package rpc

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/driver/rpc/internal/fromproto"
	"github.com/scopelog/scopelog/driver/rpc/internal/toproto"
	"github.com/scopelog/scopelog/shmring"
)

// keptDevice is what [Device.Keep] writes.
type keptDevice struct {
	Open    json.RawMessage `json:"open"`    // the answer to Open
	Applied json.RawMessage `json:"applied"` // the answer to Configure
	Asked   string          `json:"asked"`   // checksum of the configuration that was asked for
}

// Keep returns what a later host needs to go on with the device when it has taken over the plugin ([Client.AdoptDevice]), as JSON. asked is the
// configuration of the plan, of which only a checksum is kept, since it may hold secrets; applied is what the device answered.
func (d *Device) Keep(asked driver.Config, applied driver.Applied) ([]byte, error) {
	open, err := protojson.Marshal(&driverpb.OpenResponse{DeviceId: d.id, Info: toproto.UnitInfo(d.info)})
	if err != nil {
		return nil, fmt.Errorf("keep a device: %w", err)
	}
	settings, err := protojson.Marshal(toproto.Applied(applied))
	if err != nil {
		return nil, fmt.Errorf("keep a device: %w", err)
	}
	sum, err := configSum(asked)
	if err != nil {
		return nil, fmt.Errorf("keep a device: %w", err)
	}
	return json.Marshal(keptDevice{Open: open, Applied: settings, Asked: sum})
}

// configSum tells configurations apart.
func configSum(c driver.Config) (string, error) {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(toproto.Config(c))
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

// ErrOtherConfig says that a device runs with another configuration than the one that is asked for now.
var ErrOtherConfig = errors.New("the device runs with another configuration")

// AdoptDevice goes on with a device that the host before had opened, by what [Device.Keep] had returned; asked is the configuration as it would be asked
// for now. The device goes on as it runs; events that nobody has taken yet come. An error says that this cannot be; [ErrOtherConfig] is one.
func (c *Client) AdoptDevice(kept []byte, asked driver.Config) (*Device, driver.Applied, error) {
	open, applied, err := readKept(kept, asked)
	if err != nil {
		return nil, driver.Applied{}, err
	}
	d, err := c.newDevice(open)
	return d, applied, err
}

// KeptDevice tells what [Device.Keep] had returned of a device that nobody goes on with: the unit and how it was set. Errors are those of
// [Client.AdoptDevice].
func KeptDevice(kept []byte, asked driver.Config) (driver.UnitInfo, driver.Applied, error) {
	open, applied, err := readKept(kept, asked)
	if err != nil {
		return driver.UnitInfo{}, driver.Applied{}, err
	}
	info := fromproto.UnitInfo(open.GetInfo())
	return info, applied, checkUnit(open.GetDeviceId(), info)
}

func readKept(kept []byte, asked driver.Config) (*driverpb.OpenResponse, driver.Applied, error) {
	var k keptDevice
	if err := json.Unmarshal(kept, &k); err != nil {
		return nil, driver.Applied{}, fmt.Errorf("read what was kept of a device: %w", err)
	}
	sum, err := configSum(asked)
	if err == nil && sum != k.Asked {
		err = ErrOtherConfig
	}
	if err != nil {
		return nil, driver.Applied{}, err
	}
	open, settings := new(driverpb.OpenResponse), new(driverpb.Applied)
	if err := errors.Join(protojson.Unmarshal(k.Open, open), protojson.Unmarshal(k.Applied, settings)); err != nil {
		return nil, driver.Applied{}, fmt.Errorf("read what was kept of a device: %w", err)
	}
	applied, err := fromproto.Applied(settings)
	if err == nil {
		err = checkApplied(applied)
	}
	if err != nil {
		return nil, driver.Applied{}, fmt.Errorf("read what was kept of a device: %w", err)
	}
	return open, applied, nil
}

// AdoptRing takes over the ring of a plugin that was taken over. want is what the host before had made it from; its generation says which of the
// plugin's rings it is. The ring is the caller's, as one that was made here.
func (c *Client) AdoptRing(want shmring.Spec) (*shmring.Ring, error) {
	fd := -1
	c.heldMu.Lock()
	for _, h := range c.held {
		if h.Generation == want.Generation {
			fd = h.Descriptor
		}
	}
	c.heldMu.Unlock()
	if fd < 0 {
		return nil, fmt.Errorf("the plugin %s holds no ring of generation %d", c.program, want.Generation)
	}
	f, err := c.openDescriptor(fd)
	if err != nil {
		return nil, err
	}
	ring, err := shmring.Adopt(f, want)
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("ring of generation %d of the plugin %s: %w", want.Generation, c.program, err)
	}
	return ring, nil
}
