# The signal generator, looped back into a channel: a sweep, arbitrary waves from a formula and from values, noise and constant
# voltage, and one that the scope's own trigger starts.
#   logger run configs/generator.hcl

run "generator" {
  output   = "recordings"
  duration = "5s"
}

device "sweep" {
  driver = "sim"
  channel "A" {
    range = "2V"
    sim {
      signal = "loopback"
      noise  = "2mV"
    }
  }
  stream { sample_rate = "1MS/s" }

  signal_generator {
    wave           = "sine"
    frequency      = "1kHz"
    amplitude      = "2V" # peak to peak
    sweep          = "up_down"
    stop_frequency = "20kHz"
    step           = "500Hz"
    dwell          = "10ms"
  }
}

device "arbitrary" {
  driver = "sim"
  channel "A" {
    range = "2V"
    sim { signal = "loopback" }
  }
  stream { sample_rate = "1MS/s" }

  signal_generator {
    amplitude = "3V"
    frequency = "440Hz"
    arbitrary { expression = "sin(2 * pi * x) * exp(-3 * x)" } # x runs from 0 to 1
  }
}

device "values" {
  driver = "sim"
  channel "A" {
    range = "2V"
    sim { signal = "loopback" }
  }
  stream { sample_rate = "1MS/s" }

  signal_generator {
    amplitude = "2V" # of the values from -1 to 1
    arbitrary {
      values      = [0, 0.5, 1, 0.5, 0, -1]
      sample_rate = "60kS/s" # 10 kHz; or frequency = "10kHz" beside the block
    }
  }
}

device "noise" {
  driver = "sim"
  channel "A" {
    range = "2V"
    sim { signal = "loopback" }
  }
  stream { sample_rate = "1MS/s" }

  signal_generator {
    operation = "noise" # white
    amplitude = "2V"
    change "2s" {
      operation = "prbs" # pseudo-random bits
      frequency = "20kHz"
    }
    change "4s" {
      wave   = "dc" # a wave ends noise and bits
      offset = "750mV"
    }
  }
}

device "burst" {
  driver = "sim"
  channel "A" {
    range = "2V"
    sim { signal = "loopback" }
  }
  channel "B" {
    range = "2V"
    sim {
      signal    = "pulses"
      interval  = "100ms"
      amplitude = "1V"
    }
  }

  trigger {
    level "B" {
      direction = "rising"
      threshold = "500mV"
    }
  }
  block {
    sample_rate = "1MS/s"
    pre         = "1ms"
    post        = "9ms"
    repeat      = 10
  }

  signal_generator {
    wave      = "square"
    frequency = "1kHz"
    amplitude = "2V"
    shots     = 3 # periods
    trigger {
      type   = "rising"
      source = "scope"
    }
  }
}
