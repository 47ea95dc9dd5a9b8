# Events: one device streams slowly all the time; when its signal rises through a level, another one takes a fast rapid block.
#   logger run configs/events.hcl
# Each event stands in events.jsonl of the recording, with its sample and the time until the other device was armed.

run "events" {
  output   = "recordings"
  duration = "10s"
}

device "slow" {
  driver = "sim"
  channel "A" {
    range = "5V"
    sim {
      signal        = "random_pulses"
      mean_interval = "800ms"
      amplitude     = "3V"
      width         = "50ms"
      noise         = "20mV"
    }
  }
  stream { sample_rate = "100kS/s" }
}

device "fast" {
  driver = "sim"
  channel "A" {
    range = "2V"
    sim {
      signal    = "sine"
      frequency = "50kHz"
      amplitude = "2V"
    }
  }
  rapid_block { # armed by events only
    sample_rate = "10MS/s"
    pre         = 100
    post        = 900
    captures    = 20
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "0V"
    }
  }
}

event "pulse" {
  source     = "slow.A"
  level      = "1V"
  hysteresis = "200mV"
  start      = ["fast"]
}

event "steep" { # both sides of each pulse, which are counted only
  source    = "slow.A"
  slope     = "500mV/ms"
  over      = "1ms"
  direction = "either"
}
