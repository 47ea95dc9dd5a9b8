# Pulse widths with mistakes.
run "r" {
  output = "recordings"
}
device "d0" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  trigger {
    pulse_width "A" {
      direction = "rising"
    }
  }
}
device "d1" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  trigger {
    pulse_width "A" {
      direction = "rising"
      type = "longer"
    }
  }
}
device "d2" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  trigger {
    pulse_width "A" {
      direction = "rising"
      type = "in_range"
      lower = "1us"
    }
  }
}
device "d3" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  trigger {
    pulse_width "A" {
      direction = "rising"
      type  = "in_range"
      lower = "2us"
      upper = "1us"
    }
  }
}
device "d4" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  trigger {
    pulse_width "A" {
      direction = "rising"
      type  = "greater_than"
      lower = "1us"
      upper = "2us"
    }
  }
}
device "d5" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  trigger {
    pulse_width "A" {
      direction = "rising"
      type  = "greater_than"
      lower = "1us"
      when  = [["x"]]
    }
  }
}
