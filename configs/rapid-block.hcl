# Rapid block: the unit takes 1000 waveforms by itself, with hardly a pause between them, and is read out then; ten times.
#   logger run configs/rapid-block.hcl

run "rapid" {
  output   = "recordings"
  duration = "1m"
}

device "gate" {
  driver = "sim"

  channel "A" {
    range = "2V"
    sim {
      signal    = "sine"
      frequency = "13.7kHz"
      amplitude = "3V"
    }
  }
  channel "B" {
    range = "2V"
    sim { signal = "proof" }
  }

  trigger {
    level "A" {
      direction = "falling"
      threshold = "0V"
    }
  }

  rapid_block {
    sample_rate = "25MS/s"
    pre         = 100
    post        = 400
    captures    = 1000 # waveforms per arming
    repeat      = 10
    downsample { # smallest and largest of each 10 samples beside all samples
      mode     = "aggregate"
      ratio    = 10
      keep_raw = true
    }
  }

  sim { rearm = "1us" } # dead time between two waveforms
}
