# Changes of signal generators with mistakes.
run "r" {
  output = "recordings"
}
device "d0" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "1V"
    change "soon" { frequency = "2kHz" }
    change "2s" { frequency = "50MHz" }
    change "1s" { amplitude = "5V" }
    change "3s" { sweep = "up" }
    change "4s" { step = "1Hz" }
    change "5s" { wave = "arbitrary" }
    change "6s" { wave = "sinus" }
    change "7s" {
      wave      = "sine"
      amplitude = "1V"
      offset    = "1800mV"
    }
    change "8s" {
      wave   = "dc"
      offset = "-2.5V"
    }
  }
}
device "d1" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    operation = "noise"
    amplitude = "1V"
    change "1s" { wave = "sine" }
    change "2s" { operation = "prbs" }
    change "3s" {
      frequency = "1kHz"
      sweeps    = 3
    }
  }
}
device "d2" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    wave           = "sine"
    frequency      = "1kHz"
    amplitude      = "1V"
    shots          = 3
    sweep          = "up"
    stop_frequency = "2kHz"
    step           = "1Hz"
    dwell          = "1ms"
    change "1s" { sweeps = 3 }
    change "1500ms" { wave = "dc" }
    change "1700ms" {
      operation = "noise"
      sweep     = "down"
    }
    change "2s" {
      wave   = "sine"
      shots  = 0
      sweeps = 3
      trigger {
        type   = "gate_low"
        source = "scope"
      }
    }
  }
}
device "d3" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
      values      = [0, 1]
      sample_rate = "1kS/s"
    }
    change "1s" {
      arbitrary {
        values      = [0, 1]
        sample_rate = "300MS/s"
      }
    }
    change "2s" {
      arbitrary { values = [2, 1] }
    }
  }
}
