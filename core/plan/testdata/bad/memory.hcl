# Waveforms that the unit's memory cannot hold.
#! var seconds=1
variable "seconds" {
  sensitive = true
}
run "r" {
  output = "recordings"
}
device "long" {
  driver     = "ps5000a"
  model      = "5444D MSO"
  resolution = "8bit"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  block {
    timebase = 7 # 40 ns
    pre      = "10ms"
    post     = "3s"
  }
}
device "before" {
  driver     = "ps5000a"
  model      = "5444D MSO"
  resolution = "14bit"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  block {
    sample_rate = "125MS/s"
    pre         = "20MS"
    post        = "20MS"
  }
}
device "cut" {
  driver     = "ps5000a"
  model      = "5444D MSO"
  resolution = "8bit"
  channel "A" { range = "5V" }
  block {
    sample_rate    = "125MS/s"
    post           = "10MS"
    memory_segment = 99
  }
}
device "many" {
  driver = "ps6000a"
  model  = "6404E"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  channel "C" { range = "5V" }
  rapid_block {
    sample_rate = "312.5MS/s"
    post        = 100000
    captures    = 1000
  }
}
device "behind" {
  driver = "ps6000a"
  model  = "6404E"
  channel "A" { range = "5V" }
  rapid_block {
    sample_rate    = "312.5MS/s"
    post           = 100000
    memory_segment = 500
    captures       = 1000
    repeat         = 3
  }
}
device "hidden" {
  driver     = "ps5000a"
  model      = "5444D MSO"
  resolution = "8bit"
  channel "A" { range = "5V" }
  block {
    sample_rate = "1GS/s"
    post        = "${var.seconds}s"
  }
}
device "both" {
  driver     = "ps5000a"
  model      = "5444D MSO"
  resolution = "14bit"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  block {
    sample_rate = "125MS/s"
    pre         = "200ms"
    post        = 1000
  }
}
device "secrets" {
  driver = "ps6000a"
  model  = "6404E"
  channel "A" { range = "5V" }
  rapid_block {
    sample_rate = "312.5MS/s"
    post        = "${var.seconds}ms"
    captures    = 100000
  }
}
