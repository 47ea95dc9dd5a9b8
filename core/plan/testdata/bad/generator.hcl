# Signal generators with mistakes.
run "r" {
  output = "recordings"
}
device "d0" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
  }
}
device "d1" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    wave = "sinus"
    frequency = "50MHz"
    amplitude = "5V"
    offset = "3V"
  }
}
device "d2" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    wave = "sine"
    frequency = "1kHz"
    amplitude = "1V"
    step = "1Hz"
  }
}
device "d3" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    wave = "sine"
    frequency = "0Hz"
    amplitude = "-1V"
    sweep = "up"
  }
}
device "d4" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    wave = "arbitrary"
    frequency = "1kHz"
    amplitude = "1V"
  }
}
device "d5" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    wave = "sine"
    frequency = "1kHz"
    amplitude = "1V"
    arbitrary { values = [0, 1] }
  }
}
device "d6" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  signal_generator {
    frequency = "1kHz"
    amplitude = "1V"
    trigger { type = "gate_low" }
    operation = "hum"
  }
}
