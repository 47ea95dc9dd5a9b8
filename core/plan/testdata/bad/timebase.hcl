# Timebase numbers that do not exist, or are too fast for what is on.
#! var secret=1
variable "secret" {
  sensitive = true
}
run "r" {
  output = "recordings"
}
device "a" {
  driver     = "ps5000a"
  model      = "5444D MSO"
  resolution = "14bit"
  channel "A" { range = "5V" }
  block {
    timebase = 2
    post     = 1000
  }
}
device "b" {
  driver     = "ps5000a"
  model      = "5444D MSO"
  resolution = "8bit"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  channel "C" { range = "5V" }
  block {
    timebase = 0
    post     = 1000
  }
}
device "c" {
  driver = "ps5000a"
  model  = "5444D MSO"
  channel "A" { range = "5V" }
  block {
    timebase = 4294967295
    post     = 1000
  }
}
device "d" {
  driver = "ps5000a"
  model  = "5444D MSO"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  channel "C" { range = "5V" }
  block {
    timebase = var.secret
    post     = "1ms"
  }
}
device "e" {
  driver = "ps6000a"
  model  = "6824E"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  channel "C" { range = "5V" }
  channel "D" { range = "5V" }
  channel "E" { range = "5V" }
  block {
    timebase = 5
    post     = "1ms"
  }
}
