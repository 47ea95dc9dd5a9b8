# The simplest capture of an oscilloscope: one channel, one level trigger, one waveform around it. With the timebase given by its number,
# as programs of the vendor do it; sample_rate = "..." or sample_interval = "..." say the same in units.
#   mkdir -p build/presets && cp configs/presets.conf build/presets/rig.conf && SCOPELOG_RIG=build/presets bin/logger run configs/simple-block.hcl

run "simple-block" { output = "recordings" }

device "scope" {
  driver  = "ps2000a"
  library = "emulated" # without this line: a real 2406B
  serial  = "PRE24/001"

  channel "A" { range = "2V" }

  trigger {
    auto = "1s" # captures after this time when no edge comes
    level "A" {
      direction = "rising"
      threshold = "500mV"
    }
  }

  block {
    timebase = 8 # 48 ns with this model
    pre      = 1000
    post     = 4000
  }
}
