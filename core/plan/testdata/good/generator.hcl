# The signal generator in its forms, and changes over time.
run "generator" {
  output   = "recordings"
  duration = "1m"
}
device "sweep" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }
  signal_generator {
    wave           = "sine"
    frequency      = "1kHz"
    amplitude      = "2V"
    offset         = "-0.5V"
    sweep          = "up_down"
    stop_frequency = "10kHz"
    step           = "100Hz"
    dwell          = "10ms"
    shots          = 0
    sweeps         = 5
    trigger {
      type   = "rising"
      source = "scope"
    }
    change "10s" {
      frequency = "2kHz"
    }
    change "20s" {
      enabled = false
    }
    change "30s" { amplitude = "1V" }
    change "40s" {
      enabled = true
      sweep   = "down"
    }
    change "50s" {
      sweep = "none"
      wave  = "square"
      trigger {
        type   = "gate_high"
        source = "external"
      }
    }
    change "55s" {
      arbitrary {
        values      = [0, 1]
        sample_rate = "1kS/s"
      }
    }
    change "56s" { frequency = "3kHz" }
    change "57s" { operation = "noise" }
    change "58s" { wave = "dc" }
  }
}
device "values" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "2V"
    arbitrary { values = [0, 1, 0.5, -1] }
  }
}
device "file" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    amplitude = "2V"
    arbitrary {
      file        = "wave.csv"
      sample_rate = "10MS/s"
    }
  }
}
device "formula" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    enabled   = false
    frequency = "1kHz"
    amplitude = "2V"
    arbitrary { expression = "sin(2 * pi * x) * exp(-3 * x)" }
  }
}
device "noise" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    operation = "noise"
    amplitude = "1V"
  }
}
