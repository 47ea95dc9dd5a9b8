package fromproto

import (
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Description reads a description.
func Description(p *driverpb.Description) (driver.Description, error) {
	return decode(p, (*decoder).description)
}

func (d *decoder) description(p *driverpb.Description) driver.Description {
	return driver.Description{
		Name: p.GetName(), Version: p.GetVersion(), Summary: p.GetSummary(), ContractMin: int(p.GetContractMin()),
		ContractMax: int(p.GetContractMax()), NeedsLibrary: p.GetNeedsLibrary(),
		DeviceOptions: d.optionSchema(p.GetDeviceOptions()), ChannelOptions: d.optionSchema(p.GetChannelOptions()),
		Models: list(p.GetModels(), d.capabilities), Budgets: budgets(p.GetBudgets()), MaxDevices: int(p.GetMaxDevices()),
		OptionalSerials: p.GetOptionalSerials(), Abilities: words[driver.Ability](p.GetAbilities()),
	}
}

func budgets(b *driverpb.Budgets) driver.Budgets {
	return driver.Budgets{
		Open: time.Duration(b.GetOpenNanoseconds()), Configure: time.Duration(b.GetConfigureNanoseconds()),
		Stream: time.Duration(b.GetStreamNanoseconds()), Fetch: time.Duration(b.GetFetchNanoseconds()),
		Close: time.Duration(b.GetCloseNanoseconds()),
	}
}

// UnitInfo reads a unit's description. It cannot fail.
func UnitInfo(u *driverpb.UnitInfo) driver.UnitInfo {
	return driver.UnitInfo{
		Model: u.GetModel(), Serial: u.GetSerial(), Variant: u.GetVariant(), Hardware: u.GetHardware(),
		Firmware: u.GetFirmware(), LibraryVersion: u.GetLibraryVersion(), LibraryPath: u.GetLibraryPath(),
		USB: u.GetUsb(), Calibrated: u.GetCalibrated(), Power: driver.PowerState(u.GetPower()), Emulated: u.GetEmulated(),
		InUse: u.GetInUse(), Abilities: words[driver.Ability](u.GetAbilities()),
	}
}

// Units reads what Discover found. It cannot fail.
func Units(r *driverpb.DiscoverResponse) []driver.UnitInfo { return list(r.GetUnits(), UnitInfo) }

// DiscoverRequest reads a request.
func DiscoverRequest(r *driverpb.DiscoverRequest) (driver.DiscoverRequest, error) {
	return decode(r, func(d *decoder, r *driverpb.DiscoverRequest) driver.DiscoverRequest {
		return driver.DiscoverRequest{Library: r.GetLibrary(), Options: d.options(r.GetOptions())}
	})
}

// OpenRequest reads a request.
func OpenRequest(r *driverpb.OpenRequest) (driver.OpenRequest, error) {
	return decode(r, func(d *decoder, r *driverpb.OpenRequest) driver.OpenRequest {
		return driver.OpenRequest{
			Name: r.GetName(), Serial: r.GetSerial(), Model: r.GetModel(), Library: r.GetLibrary(),
			Resolution: int(r.GetResolutionBits()), Power: driver.PowerSource(r.GetPower()), Options: d.options(r.GetOptions()),
		}
	})
}
