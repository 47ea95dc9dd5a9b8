# A mixed rig of a few seconds: three PicoScopes of three families, and a simulated device. The scopes are emulated: their
# plugins load the libraries that "make" builds into bin/emulator instead of the vendor's. Without the lines
# library = "emulated" the same plan records real ones. configs/rig.conf says what is connected to the inputs: to most of
# them the proof signal, whose samples tell their own index, so that "logger verify --proof" can judge each of them. It
# looks like noise; bench.C, bench.D and slow.B have signals that one can look at.
#   make run, or: mkdir -p build/rig && cp configs/rig.conf build/rig/rig.conf && SCOPELOG_RIG=build/rig bin/logger run configs/rig.hcl

run "rig" {
  output   = "recordings"
  duration = "5s"
  tags     = ["example"]
}

device "bench" { # PicoScope 2406B: 4 channels, 8 bit, USB 2
  driver  = "ps2000a"
  library = "emulated"
  serial  = "RIG24/001"

  channel "A" {
    range = "2V"
    label = "motor phase U"
  }
  channel "B" {
    range = "2V"
    label = "motor phase V"
  }
  channel "C" {
    range = "5V"
    label = "crank angle"
  }
  channel "D" {
    range = "5V"
    label = "light barrier"
  }

  stream { sample_rate = "1MS/s" }
}

device "cell" { # PicoScope 5444D MSO: FlexRes, 8 to 16 bit, with digital inputs
  driver     = "ps5000a"
  library    = "emulated"
  serial     = "RIG54/001"
  resolution = "14bit"

  channel "A" {
    range = "5V"
    label = "cell current"
    unit  = "A"
    scale = "100A/V" # a shunt amplifier
  }
  channel "B" {
    range = "50V" # at the tip of the probe
    probe = "x10"
    label = "gate voltage"
  }
  digital "D0-7" { threshold = "1.5V" }

  stream {
    sample_rate = "1MS/s"
    downsample {
      mode     = "aggregate" # the smallest and the largest of each group ...
      ratio    = 100
      keep_raw = true # ... beside every sample
    }
  }
}

device "fast" { # PicoScope 6824E: 8 channels, USB 3
  driver  = "ps6000a"
  library = "emulated"
  serial  = "RIG68/001"

  channel "A" { range = "1V" }
  channel "B" { range = "1V" }
  channel "H" { range = "100mV" }

  stream { sample_rate = "5MS/s" }
}

device "slow" { # nothing attached at all
  driver = "sim"
  serial = "RIG-SLOW"

  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  channel "B" {
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

  stream { sample_rate = "100kS/s" }
}
