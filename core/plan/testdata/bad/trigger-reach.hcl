# Delays and pulse widths that are longer than the unit counts.
#! var late=1
variable "late" {
  sensitive = true
}
run "r" {
  output = "recordings"
}
device "a" {
  driver     = "ps5000a"
  model      = "5444D MSO"
  resolution = "8bit"
  channel "A" { range = "5V" }
  trigger {
    delay = "1s"
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
    pulse_width "A" {
      name      = "long"
      direction = "rising"
      type      = "greater_than"
      upper     = "17MS"
    }
    any_of = [["long"]]
  }
  block {
    sample_rate = "125MS/s"
    post        = 1000
  }
}
device "b" {
  driver     = "ps5000a"
  model      = "5444D MSO"
  resolution = "8bit"
  channel "A" { range = "5V" }
  trigger {
    delay = 8388608
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
    pulse_width "A" {
      name      = "long"
      direction = "rising"
      type      = "in_range"
      lower     = "1s"
      upper     = "2s"
    }
    any_of = [["long"]]
  }
  block {
    timebase = 12 # 80 ns
    post     = 1000
  }
}
device "c" {
  driver     = "ps5000a"
  model      = "5444D MSO"
  resolution = "8bit"
  channel "A" { range = "5V" }
  trigger {
    delay = "${var.late}s"
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }
  block {
    sample_rate = "125MS/s"
    post        = 1000
  }
}
