# Texts that would steer a terminal, and values that nobody can mean.
run "r" {
  output   = "recordings"
  duration = "1s"
  notes    = "first line\nsecond \u001b[31mline"
  tags     = ["a", "b\u0007"]
}
device "a" {
  driver = "sim"
  channel "A" {
    range = "5V"
    label = "red \u001b[31m"
    unit  = "A\u202e"
  }
  channel "B" {
    range = "5V"
    label = "Strom (µA) – 電流"
    unit  = "abcdefghijklmnopqrstuvwxyzabcdefghi"
  }
  channel "C" {
    range = "5V"
    unit  = " "
    scale = 1e308
    probe = "x1000000000"
  }
  stream { sample_rate = "1kS/s" }
}
device "b" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  block {
    sample_rate = "1MS/s"
    pre         = 1000
    post        = "20s"
  }
}
device "c" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  block {
    sample_rate = "1kS/s"
    pre         = 1001
  }
}
event "e" {
  source = "a.A"
  window = ["1V"]
}
