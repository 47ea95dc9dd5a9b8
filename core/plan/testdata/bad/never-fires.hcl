# Triggers that could never fire, or would always.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  channel "B" { range = "1V" }
  block {
    sample_rate = "625MS/s"
    post        = 100
  }
  trigger {
    level "A" {
      direction  = "rising"
      threshold  = "-0.9V"
      hysteresis = "200mV"
    }
    level "B" {
      direction  = "falling"
      threshold  = "0.5V"
      hysteresis = "0.6V"
    }
    level "B" {
      name       = "wide"
      direction  = "either"
      threshold  = "0.5V"
      hysteresis = "1.5V" # below there is room
    }
    any_of = [["A", "!B"], ["A", "!A"], ["wide"]]
  }
}
device "b" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  block {
    sample_rate = "625MS/s"
    post        = 100
  }
  trigger {
    window "A" {
      direction        = "inside"
      lower            = "100mV"
      upper            = "200mV"
      lower_hysteresis = "60mV"
      upper_hysteresis = "41mV"
    }
    window "A" {
      name             = "just"
      direction        = "enter"
      lower            = "100mV"
      upper            = "200mV"
      upper_hysteresis = "100mV"
    }
    any_of = [["A"], ["just", "just"]]
  }
}
device "c" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  channel "B" { range = "1V" }
  block {
    sample_rate = "625MS/s"
    post        = 100
  }
  trigger {
    level "B" {
      direction = "rising"
      threshold = "0V"
    }
    pulse_width "A" {
      direction = "rising"
      type      = "greater_than"
      lower     = "1us"
    }
  }
}
device "d" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  block {
    sample_rate = "625MS/s"
    post        = 100
  }
  trigger {
    level "A" {
      name      = "a"
      direction = "rising"
      threshold = "0V"
    }
    pulse_width "A" {
      direction = "inside"
      type      = "less_than"
      lower     = 5
    }
  }
}
device "d2" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  block {
    sample_rate = "625MS/s"
    post        = 100
  }
  trigger {
    level "A" {
      name      = "a"
      direction = "rising"
      threshold = "0V"
    }
    pulse_width "A" {
      direction = "rising"
      type      = "less_than"
      lower     = 0
    }
  }
}
device "e" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  block {
    sample_rate = "625MS/s"
    post        = 100
  }
  trigger {
    window "A" {
      name      = "a"
      direction = "inside"
      lower     = "0V"
      upper     = "1V"
    }
    pulse_width "A" {
      direction = "inside"
      type      = "greater_than"
      upper     = "0s"
    }
  }
}
