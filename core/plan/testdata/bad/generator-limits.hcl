# What a generator cannot do, and units without one.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  signal_generator {
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "1V"
  }
  stream { sample_rate = "1kS/s" }
}
device "b" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  signal_generator {
    wave      = "sinc"
    frequency = "1mHz"
    amplitude = 3
  }
  stream { sample_rate = "1kS/s" }
}
