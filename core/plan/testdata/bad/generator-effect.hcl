# Settings of signal generators that change nothing, and what no unit would do.
run "r" {
  output   = "recordings"
  duration = "1m"
}
device "noise" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    operation = "noise"
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "1V"
    shots     = 3
    change "1s" {}
    change "2s" {
      operation = "prbs"
      frequency = "1kHz"
      arbitrary { values = [0, 1] }
    }
    change "1m" { amplitude = "2V" }
  }
}
device "level" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    wave      = "dc"
    amplitude = "1V"
    frequency = "1kHz"
    offset    = "1V"
    trigger {
      type   = "rising"
      source = "software"
      level  = "1V"
    }
  }
}
device "goes_on" { # what a level has no use for is there for the change
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    wave      = "dc"
    amplitude = "1V"
    frequency = "1kHz"
    change "1s" { wave = "sine" }
    change "2s" {
      wave      = "dc"
      amplitude = "2V"
    }
  }
}
device "sweeps" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    wave           = "sine"
    frequency      = "1kHz"
    amplitude      = "1V"
    sweep          = "up"
    stop_frequency = "2kHz"
    step           = "20kHz"
    dwell          = "1ms"
    change "1s" { step = "100Hz" }
    change "2s" { stop_frequency = "1kHz" }
    change "3s" { frequency = "1950Hz" }
    change "4s" { stop_frequency = "2kHz" }
    change "5s" { amplitude = "2V" }
    trigger {
      type   = "rising"
      source = "external"
      level  = "20V"
    }
  }
}
device "lent" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  trigger {
    level "AUX" {
      direction = "rising"
      threshold = "20V"
    }
  }
  signal_generator {
    wave           = "sine"
    frequency      = "1kHz"
    amplitude      = "1V"
    sweep          = "up"
    stop_frequency = "2kHz"
    step           = "100Hz"
    dwell          = "1ms"
    sweeps         = 2
    trigger {
      type   = "rising"
      source = "external"
      level  = "1V"
    }
  }
}
device "starts" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    amplitude = "1V"
    arbitrary {
      values      = [0, 1]
      sample_rate = "100MS/s"
    }
    trigger {
      type   = "rising"
      source = "scope"
    }
  }
}
