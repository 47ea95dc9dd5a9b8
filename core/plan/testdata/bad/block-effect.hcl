# Settings of blocks that change nothing, or do not fit together.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  block {
    sample_rate = "625MS/s"
    post        = 100
    every       = "1s"
  }
}
device "b" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  rapid_block {
    timebase       = 3
    post           = 100
    captures       = 1000
    repeat         = 1
    repeat_for     = "1h"
    memory_segment = 249001
  }
}
device "c" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  rapid_block {
    timebase = 3
    post     = 100
    captures = 9223372036854775807
  }
}
device "d" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  block {
    sample_rate = "3GS/s"
    pre         = "1ms"
    post        = 9223372036854775807
  }
}
