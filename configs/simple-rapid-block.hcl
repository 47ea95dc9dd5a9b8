# Ten waveforms in a row: the unit arms itself again within a microsecond or so, and is read out when all are in its memory.
# np.memmap(...).reshape(-1, 2000) gives them as rows.
#   mkdir -p build/presets && cp configs/presets.conf build/presets/rig.conf && SCOPELOG_RIG=build/presets bin/logger run configs/simple-rapid-block.hcl

run "simple-rapid-block" { output = "recordings" }

device "scope" {
  driver  = "ps6000a"
  library = "emulated" # without this line: a real 6824E
  serial  = "PRE68/001"

  channel "A" { range = "2V" }
  channel "B" { range = "500mV" }

  trigger {
    level "A" {
      direction = "falling"
      threshold = "0V"
    }
  }

  rapid_block {
    sample_rate = "625MS/s"
    pre         = 500
    post        = 1500
    captures    = 10
  }
}
