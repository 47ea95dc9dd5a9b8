# Waves that cannot be used.
run "r" {
  output = "recordings"
}
device "d0" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
    }
  }
}
device "d1" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
      values = [0, 2]
    }
  }
}
device "d2" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
      values = [1]
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
      values = "sine"
    }
  }
}
device "d4" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
      file = "none.csv"
    }
  }
}
device "d5" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
      file = "words.csv"
    }
  }
}
device "d6" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
      file = "high.csv"
    }
  }
}
device "d7" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
      expression = "1 / x"
    }
  }
}
device "d8" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
      expression = "2 * x"
    }
  }
}
device "d9" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
      expression = "sin(y)"
    }
  }
}
device "d10" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary {
      file = "wave.csv"
      values = [0, 1]
    }
  }
}
device "d11" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    amplitude = "1V"
    arbitrary {
      values = [0, 1]
      sample_rate = "1GS/s"
    }
  }
}
