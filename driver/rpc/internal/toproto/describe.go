package toproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Description carries a description.
func Description(d driver.Description) *driverpb.Description {
	return &driverpb.Description{
		Name: text(d.Name), Version: text(d.Version), Summary: text(d.Summary),
		ContractMin: narrow(d.ContractMin), ContractMax: narrow(d.ContractMax), NeedsLibrary: d.NeedsLibrary,
		DeviceOptions: optionSchema(d.DeviceOptions), ChannelOptions: optionSchema(d.ChannelOptions),
		Models: list(d.Models, Capabilities), Budgets: budgets(d.Budgets), MaxDevices: narrow(d.MaxDevices),
		OptionalSerials: d.OptionalSerials, Abilities: texts(d.Abilities),
	}
}

func budgets(b driver.Budgets) *driverpb.Budgets {
	if b == (driver.Budgets{}) {
		return nil
	}
	return &driverpb.Budgets{
		OpenNanoseconds: int64(b.Open), ConfigureNanoseconds: int64(b.Configure), StreamNanoseconds: int64(b.Stream),
		FetchNanoseconds: int64(b.Fetch), CloseNanoseconds: int64(b.Close),
	}
}

// UnitInfo carries a unit's description.
func UnitInfo(u driver.UnitInfo) *driverpb.UnitInfo {
	return &driverpb.UnitInfo{
		Model: text(u.Model), Serial: text(u.Serial), Variant: text(u.Variant), Hardware: text(u.Hardware),
		Firmware: text(u.Firmware), LibraryVersion: text(u.LibraryVersion), LibraryPath: text(u.LibraryPath),
		Usb: text(u.USB), Calibrated: text(u.Calibrated), Power: text(u.Power), Emulated: u.Emulated, InUse: u.InUse,
		Abilities: texts(u.Abilities),
	}
}

// DiscoverRequest carries a request.
func DiscoverRequest(r driver.DiscoverRequest) *driverpb.DiscoverRequest {
	return &driverpb.DiscoverRequest{Library: text(r.Library), Options: options(r.Options)}
}

// Units carries what Discover found.
func Units(units []driver.UnitInfo) *driverpb.DiscoverResponse {
	return &driverpb.DiscoverResponse{Units: list(units, UnitInfo)}
}

// OpenRequest carries a request.
func OpenRequest(r driver.OpenRequest) *driverpb.OpenRequest {
	return &driverpb.OpenRequest{
		Name: text(r.Name), Serial: text(r.Serial), Model: text(r.Model), Library: text(r.Library),
		ResolutionBits: narrow(r.Resolution), Power: text(r.Power), Options: options(r.Options),
	}
}
