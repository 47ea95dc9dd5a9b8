# Keep only what lies around events: three seconds before and two behind each pulse stay, on both devices, however long the run is.
#   logger run configs/keep-events.hcl
# What was not kept is said by the end of the run, status, inspect and verify, and is no loss. A mark keeps what lies around it too.

run "keep-events" {
  output   = "recordings"
  duration = "1m"
  rotate   = "1s" # whole segments are kept or removed; without it they have up to a minute
  keep     = "events"
}

device "slow" {
  driver = "sim"
  channel "A" {
    range = "5V"
    sim {
      signal    = "pulses"
      interval  = "14s"
      amplitude = "3V"
      width     = "50ms"
      noise     = "20mV"
    }
  }
  stream { sample_rate = "10kS/s" }
}

device "fast" {
  driver = "sim"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream { sample_rate = "1MS/s" }
}

event "pulse" {
  source     = "slow.A"
  level      = "1V"
  hysteresis = "200mV"
  before     = "3s"
  after      = "2s"
}
