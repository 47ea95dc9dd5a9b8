# Which unit, and how it is set up: by serial among several, with a resolution, its power, and all that the inputs can be told.
#   mkdir -p build/rig && cp configs/rig.conf build/rig/rig.conf && SCOPELOG_RIG=build/rig bin/logger run configs/units.hcl
# "logger devices list" shows the serials, "logger devices flash SERIAL" which unit has one.

run "units" {
  output   = "recordings"
  duration = "10s"
}

device "flexible" {
  driver     = "ps5000a"
  library    = "emulated" # without this line: a real 5444D MSO
  serial     = "RIG54/001"
  resolution = "14bit"
  power      = "auto" # or "usb", "supply": the unit is refused when it has another

  channel "A" {
    range     = "50V" # at the tip; 5 V at the input
    probe     = "x10"
    coupling  = "ac"
    bandwidth = "20MHz"
    label     = "ripple"
  }
  channel "B" {
    range  = "2V" # measures from 0.5 V to 4.5 V
    offset = "-2.5V"
    label  = "sensor"
  }
  channel "C" {
    range   = "5V"
    enabled = false # set up, and not recorded
  }

  restart {
    backoff_max   = "10s" # longest pause between two attempts to open it again
    give_up_after = "1h"
  }

  stream { sample_rate = "1MS/s" }
}

device "spare" {
  driver   = "ps2000a"
  library  = "emulated" # without this line: a real 2406B
  serial   = "RIG24/001"
  optional = true # the run goes on without it

  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
}
