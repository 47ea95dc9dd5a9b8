# Three devices of different rates, resolutions and clocks in one run of a few seconds. Most channels carry the proof
# signal, whose samples tell their own index, so that "logger verify --proof" can judge each of them. It looks like
# noise; mixed.B and slow.C have signals that one can look at.
#   logger run configs/sim-rig.hcl

run "sim-rig" {
  output   = "recordings"
  duration = "5s"
  tags     = ["example"]
}

device "fast" {
  driver = "sim"
  model  = "SIM-8"
  serial = "RIG-FAST"

  channel "A" {
    range = "2V"
    label = "motor phase U"
    sim { signal = "proof" }
  }
  channel "B" {
    range = "2V"
    label = "motor phase V"
    sim { signal = "proof" }
  }

  sim { clock_error_ppm = 12 } # its crystal is too fast

  stream { sample_rate = "2MS/s" }
}

device "mixed" {
  driver     = "sim"
  model      = "SIM-14-MSO"
  serial     = "RIG-MIXED"
  resolution = "14bit"

  channel "A" {
    range = "50V" # at the tip of the probe
    probe = "x10"
    label = "gate voltage"
    sim { signal = "proof" }
  }
  channel "B" {
    range = "5V"
    label = "crank angle"
    sim {
      frequency = "0.8Hz"
      amplitude = "3V"
      noise     = "50mV"
    }
  }
  digital "D0-7" { threshold = "1.5V" }

  sim {
    digital "D0-7" { pattern = "proof" }
  }

  stream { sample_rate = "500kS/s" }
}

device "slow" {
  driver = "sim"
  model  = "SIM-16"
  serial = "RIG-SLOW"

  channel "A" {
    range = "5V"
    label = "cell current"
    unit  = "A"
    scale = "100A/V" # a shunt amplifier
    sim { signal = "proof" }
  }
  channel "B" {
    range = "5V"
    label = "cell voltage"
    sim { signal = "proof" }
  }
  channel "C" {
    range = "1V"
    label = "oven temperature"
    unit  = "°C"
    scale = "100°C/V"
    sim {
      signal    = "triangle"
      frequency = "0.3Hz"
      amplitude = "100mV"
      offset    = "600mV"
      noise     = "2mV"
    }
  }

  sim { clock_error_ppm = -30 }

  stream {
    sample_rate = "100kS/s"
    downsample {
      mode     = "aggregate" # the smallest and the largest of each group ...
      ratio    = 100
      keep_raw = true # ... beside every sample
    }
  }
}
