# Every kind of condition, in block mode; thresholds are at the tip of the probe.
run "trigger" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" {
    range = "50V"
    probe = "x10"
  }
  channel "B" { range = "5V" }
  digital "D0-7" { threshold = "1V" }
  block {
    pre        = 1000
    post       = "1ms"
    timebase   = 3
    repeat_for = "1h"
    every      = "1s"
  }
  trigger {
    delay = "10kS"
    auto  = "10s"
    level "A" {
      name       = "up"
      direction  = "rising"
      threshold  = "20V"
      hysteresis = "1V"
    }
    level "A" {
      name      = "above"
      direction = "above"
      threshold = "10V"
    }
    window "B" {
      direction        = "inside"
      lower            = "-0.5V"
      upper            = "0.5V"
      lower_hysteresis = "10mV"
      upper_hysteresis = "20mV"
    }
    digital "D0-7" {
      name = "bits"
      pins = { D0 = "high", D3 = "low" }
    }
    pulse_width "A" {
      name      = "short"
      direction = "falling"
      type      = "less_than"
      upper     = "10us"
      when      = [["above", "!B"]]
    }
    any_of = [["up", "!B", "bits"], ["short", "above"]]
  }
}
device "end" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream {
    sample_rate        = "1MS/s"
    pre                = "10kS"
    post               = "100ms"
    stop_after_trigger = true
  }
  trigger {
    level "A" {
      direction = "either"
      threshold = "0V"
    }
  }
}
