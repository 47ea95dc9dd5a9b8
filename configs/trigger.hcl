# Triggers of every kind: levels and windows, an external input, pins, pulse widths, put together as an OR of ANDs. And a stream
# that ends behind its trigger.
#   logger run configs/trigger.hcl

run "trigger" {
  output   = "recordings"
  duration = "20s"
}

# Coincidence or a long pulse: a rising edge on A while B is inside its window and EXT is low, or a pulse on A longer than 40 us.
device "logic" {
  driver = "sim"
  model  = "SIM-14-MSO"

  channel "A" {
    range = "2V"
    sim {
      signal        = "random_pulses"
      amplitude     = "1.5V"
      mean_interval = "2ms"
      width         = "30us" # those that overlap are longer
    }
  }
  channel "B" {
    range = "2V"
    sim {
      signal    = "triangle"
      frequency = "170Hz"
      amplitude = "3V"
    }
  }
  digital "D0-7" {}

  trigger {
    delay = "5us" # from the trigger to the point around which is recorded
    level "A" {
      direction  = "rising"
      threshold  = "500mV"
      hysteresis = "50mV"
    }
    window "B" {
      direction = "inside"
      lower     = "-0.5V"
      upper     = "0.5V"
    }
    level "EXT" {
      direction = "above"
      threshold = "1V"
    }
    digital "D0-7" {
      name = "counted"
      pins = { D0 = "rising", D7 = "high" }
    }
    pulse_width "A" { # with the threshold of the level block of A
      name      = "long"
      direction = "rising"
      type      = "greater_than"
      lower     = "40us"
    }
    any_of = [["A", "B", "!EXT"], ["long"], ["counted", "B"]]
  }

  rapid_block {
    sample_rate = "5MS/s"
    pre         = "50us"
    post        = "150us"
    captures    = 50
    repeat      = 4
  }

  sim {
    input "EXT" { # what the trigger input sees
      signal    = "square"
      frequency = "11Hz"
      amplitude = "4V"
    }
    digital "D0-7" {
      pattern   = "counter"
      frequency = "100kHz"
    }
  }
}

# A runt: a pulse that comes over the lower threshold and not to the upper one ends the stream 200 ms later.
device "runt" {
  driver = "sim"

  channel "A" {
    range = "2V"
    sim {
      signal        = "pulses"
      amplitude     = "1.5V"
      interval      = "1ms"
      width         = "100us"
      runt_fraction = "1/2000"
    }
  }

  trigger {
    window "A" {
      direction = "positive_runt"
      lower     = "300mV"
      upper     = "1.2V"
    }
  }

  stream {
    sample_rate        = "1MS/s"
    stop_after_trigger = true
    pre                = "100ms"
    post               = "200ms"
  }
}
