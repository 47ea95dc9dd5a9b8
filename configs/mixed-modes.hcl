# Four devices in four modes at once, each at its own pace: one streams, one takes triggered rapid blocks, one a block whenever an edge
# comes, and one waits for a trigger in its stream and ends behind it. The scopes are emulated; mixed-modes.conf says what they see.
#   mkdir -p build/mixed-modes && cp configs/mixed-modes.conf build/mixed-modes/rig.conf && SCOPELOG_RIG=build/mixed-modes bin/logger run configs/mixed-modes.hcl

run "mixed-modes" {
  output   = "recordings"
  duration = "6s"
}

device "slow" { # all the time
  driver  = "ps2000a"
  library = "emulated" # without this line: a real 2406B
  serial  = "MIX24/001"

  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  stream { sample_rate = "100kS/s" }
}

device "bursts" { # 50 waveforms in a row, again and again
  driver     = "ps5000a"
  library    = "emulated" # without this line: a real 5444D MSO
  model      = "5444D MSO"
  serial     = "MIX54/001"
  resolution = "14bit"

  channel "A" { range = "2V" }
  digital "D0-7" { threshold = "1.5V" }
  trigger {
    level "A" {
      direction  = "rising"
      threshold  = "500mV"
      hysteresis = "50mV"
    }
  }
  rapid_block {
    timebase   = 6 # 32 ns at 14 bit
    pre        = 200
    post       = 800
    captures   = 50
    repeat_for = "4s" # armed again and again for so long
  }
}

device "edges" {
  driver  = "ps2000a"
  library = "emulated" # without this line: a real 2208B MSO
  serial  = "MIX22/001"

  channel "A" { range = "5V" }
  trigger {
    level "A" {
      direction = "falling"
      threshold = "1V"
    }
  }
  block {
    sample_rate    = "1MS/s"
    pre            = "1ms"
    post           = "4ms"
    memory_segment = 1
    repeat         = 5
    every          = "500ms"
  }
}

device "once" { # records until 200 ms behind the first pulse that is long enough, and no longer
  driver  = "ps6000a"
  library = "emulated" # without this line: a real 6824E with a pod
  model   = "6824E"
  serial  = "MIX68/001"

  channel "A" { range = "2V" }
  digital "D0-7" { # pods can have a threshold for each pin
    threshold = ["1.5V", "1.5V", "1.5V", "1.5V", "1.5V", "1.5V", "2.5V", "2.5V"]
  }
  trigger {
    level "A" {
      direction  = "above"
      threshold  = "500mV"
      hysteresis = "50mV"
    }
    pulse_width "A" {
      name      = "long"
      direction = "above"
      type      = "greater_than"
      lower     = "1ms"
    }
    any_of = [["long"]]
  }
  stream {
    sample_rate        = "1MS/s"
    stop_after_trigger = true
    pre                = "100ms"
    post               = "200ms"
  }
}
