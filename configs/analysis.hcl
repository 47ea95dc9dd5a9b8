# A short recording to try "logger analyze" on: a sine with noise and a pulse train that follow each other, and waveforms of pulses.
#   logger run configs/analysis.hcl
# docs/analysis.md computes on it.

run "signals" {
  output  = "recordings"
  samples = 200000
}

device "cell" {
  driver = "sim"

  channel "A" {
    range = "5V"
    sim {
      signal    = "sine"
      frequency = "1kHz"
      amplitude = "4V" # from -2 V to 2 V
      noise     = "20mV"
    }
  }
  channel "B" {
    range = "5V"
    sim {
      signal    = "square"
      frequency = "1kHz"
      amplitude = "2V"
      phase     = -90
      duty      = 0.25
    }
  }

  stream { sample_rate = "100kS/s" }
}

device "shots" {
  driver = "sim"

  channel "A" {
    range = "1V"
    sim {
      signal    = "pulses"
      amplitude = "500mV"
      width     = "20us"
      rise      = "5us"
      interval  = "1ms"
      noise     = "10mV"
    }
  }

  trigger {
    level "A" {
      direction = "rising"
      threshold = "250mV"
    }
  }
  rapid_block {
    sample_rate = "1MS/s"
    pre         = 50
    post        = 150
    captures    = 100
  }
}
