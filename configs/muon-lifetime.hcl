# Muon lifetime: three scintillator panels above each other. A muon that comes through all of them gives a pulse in each at the same
# moment, which is the trigger: three level conditions, joined by AND. One that stops in the stack decays after 2.197 us on
# average, and its electron gives a second pulse. Rapid blocks of 10 captures, repeated until the run ends; docs/recipes/muon-lifetime.md
# makes the lifetime of them. Emulated: configs/muon-lifetime.conf says what the panels see.
#   mkdir -p build/muon-lifetime && cp configs/muon-lifetime.conf build/muon-lifetime/rig.conf && SCOPELOG_RIG=build/muon-lifetime bin/logger run configs/muon-lifetime.hcl

run "muon" {
  output   = "recordings"
  duration = "8h"
  rotate   = "1h"
  tags     = ["muon"]
}

device "panels" {
  driver     = "ps5000a"
  library    = "emulated" # without this line: a real 5444D
  serial     = "MUON/001"
  resolution = "8bit"

  channel "A" {
    range = "2V"
    label = "upper panel"
  }
  channel "B" {
    range = "2V"
    label = "middle panel"
  }
  channel "C" {
    range = "2V"
    label = "lower panel"
  }

  trigger { # all of them: without any_of the conditions are joined by AND
    level "A" {
      direction  = "above"
      threshold  = "400mV"
      hysteresis = "50mV"
    }
    level "B" {
      direction  = "above"
      threshold  = "400mV"
      hysteresis = "50mV"
    }
    level "C" {
      direction  = "above"
      threshold  = "400mV"
      hysteresis = "50mV"
    }
  }

  rapid_block {
    sample_rate = "125MS/s"
    pre         = "1us"
    post        = "20us"
    captures    = 10
    repeat      = "forever"
  }
}
