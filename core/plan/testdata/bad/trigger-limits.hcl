# What a trigger cannot do.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  channel "C" { range = "5V" }
  model = "5242D"
  trigger {
    level "A" {
      name      = "x"
      direction = "rising"
      threshold = "1V"
    }
    level "A" {
      name      = "y"
      direction = "falling"
      threshold = "1V"
    }
    level "AUX" {
      direction = "rising"
      threshold = "1V"
    }
  }
  stream { sample_rate = "1kS/s" }
}
device "b" {
  driver = "sim"
  channel "A" { range = "5V" }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }
  stream { sample_rate = "1kS/s" }
}
