# Modes that a driver cannot run yet.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  block {
    post        = 100
    sample_rate = "1kS/s"
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }
}
device "b" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  rapid_block {
    captures    = 10
    post        = 100
    sample_rate = "1MS/s"
  }
}
device "c" {
  driver = "sim"
  channel "A" { range = "5V" }
  rapid_block {
    captures    = 10
    post        = 100
    sample_rate = "1MS/s"
  }
}
