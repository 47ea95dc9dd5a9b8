variable "cell_serial" {
  default = ""
}

run "soak" {
  output   = "recordings" # each run gets its own directory in it
  duration = "8h"         # or samples, or until = "2026-11-21T06:00:00Z"; none: until stopped
  rotate   = "10m"        # one segment per 10 minutes, cut by sample count; none: one file per stream
  sync     = "1s"

  disk {
    keep_free = "10GiB"
    when_low  = "stop" # or "drop_oldest"
  }
}

device "cell" {
  driver     = "ps5000a"
  serial     = var.cell_serial # empty: the first unit found
  resolution = "14bit"
  power      = "auto" # the USB/DC handshake; or "usb", "supply"

  channel "A" {
    range     = "5V"
    coupling  = "dc"
    offset    = "0V"
    bandwidth = "20MHz"
    probe     = "x10"
    label     = "cell current"
    unit      = "A"
    scale     = "100A/V"
  }
  channel "B" { range = "20V" }

  stream {
    sample_rate = "1MS/s"
    downsample {
      mode     = "aggregate" # none | decimate | average | aggregate
      ratio    = 100
      keep_raw = true
    }
  }
}

device "gate" {
  driver = "ps6000a"
  channel "A" { range = "2V" }
  channel "B" { range = "2V" }

  trigger { # what the hardware can: OR of ANDs of conditions
    level "A" {
      direction  = "rising"
      threshold  = "1V"
      hysteresis = "50mV"
    }
    window "B" {
      direction = "inside"
      lower     = "-0.5V"
      upper     = "0.5V"
    }
    pulse_width "A" {
      name      = "long"
      direction = "rising"
      type      = "greater_than"
      lower     = "10us"
    }
    any_of = [["A", "!B"], ["long"]]
    auto   = "1s"
  }

  rapid_block {
    captures    = 1000
    pre         = "10us"
    post        = "90us"
    sample_rate = "625MS/s"
    repeat      = 10
  }

  signal_generator { # sweep, arbitrary, noise, PRBS, triggering too
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "2V"
  }
}

device "quick" { # with nothing attached
  driver = "sim"
  channel "A" {
    range = "5V"
    sim { # the driver's own options, checked with the schema that the plugin sends
      signal    = "sine"
      frequency = "1kHz"
      amplitude = "2V"
      noise     = "5mV"
    }
  }
  channel "B" {
    range = "5V"
    sim { signal = "proof" } # every sample tells its own index
  }
  stream { sample_rate = "1MS/s" }
}
