# A block with all that a mixed-signal unit can do: two channels with their own ranges, probe and offset, eight pins, a trigger that puts
# conditions together, a delay, and the smallest and largest of each 10 samples beside all samples. Twenty waveforms, five a second.
#   mkdir -p build/presets && cp configs/presets.conf build/presets/rig.conf && SCOPELOG_RIG=build/presets bin/logger run configs/complex-block.hcl

run "complex-block" {
  output   = "recordings"
  duration = "1m" # at most
}

device "bench" {
  driver     = "ps5000a"
  library    = "emulated" # without this line: a real 5444D MSO
  serial     = "PRE54/001"
  resolution = "14bit"

  channel "A" {
    range = "5V"
    label = "enable"
  }
  channel "B" {
    range  = "10V" # at the tip of the probe
    probe  = "x10"
    offset = "-1V"
    label  = "supply"
  }
  digital "D0-7" { threshold = "1.5V" }

  trigger { # a rising edge on A while the supply is inside its window and pin 2 is high; or a pulse on A that is too long
    delay = "4us"
    level "A" {
      direction  = "rising"
      threshold  = "1V"
      hysteresis = "100mV"
    }
    window "B" {
      direction = "inside"
      lower     = "2V"
      upper     = "4V"
    }
    digital "D0-7" {
      name = "gate"
      pins = { D2 = "high" }
    }
    any_of = [["A", "B", "gate"]]
  }

  block {
    sample_rate = "25MS/s"
    pre         = "20us"
    post        = "60us"
    repeat      = 20
    every       = "200ms"
    downsample {
      mode     = "aggregate"
      ratio    = 10
      keep_raw = true
    }
  }
}
