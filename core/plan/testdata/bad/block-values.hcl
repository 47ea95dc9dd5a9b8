# A block with mistakes.
run "r" {
  output = "recordings"
}
device "d0" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  block {
  }
}
device "d1" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  block {
    post        = -1
    sample_rate = "1MS/s"
  }
}
device "d2" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  block {
    post        = "1 parsec"
    sample_rate = "1MS/s"
  }
}
device "d3" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  block {
    post           = 10
    timebase       = "x"
    memory_segment = 1.5
    repeat         = 0
    repeat_for     = "0s"
  }
}
device "d4" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  block {
    post        = 10
    timebase    = 3
    sample_rate = "1MS/s"
    repeat      = "for ever"
  }
}
device "d5" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  block {
    pre  = 0
    post = 0
    timebase = 1
  }
}
