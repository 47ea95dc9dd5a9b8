# Blocks: one waveform per trigger, with what came before it. A rising edge through 1 V on A, 20 times, at most ten a second, and
# for 10 seconds at most.
#   logger run configs/block.hcl

run "block" {
  output   = "recordings"
  duration = "1m"
}

device "scope" {
  driver = "sim"

  channel "A" {
    range = "5V"
    sim {
      signal        = "random_pulses" # a Poisson process
      amplitude     = "3V"
      mean_interval = "20ms"
      width         = "50us"
      rise          = "5us"
      noise         = "5mV"
    }
  }
  channel "B" {
    range = "5V"
    sim { signal = "proof" } # counts on from one waveform to the next
  }

  trigger {     # a single level is a simple trigger
    auto = "1s" # or take a waveform after a second without one
    level "A" {
      direction  = "rising"
      threshold  = "1V"
      hysteresis = "100mV"
    }
  }

  block {
    sample_rate    = "10MS/s"
    pre            = "100us" # or a number of samples
    post           = "400us"
    repeat         = 20      # or "forever"
    repeat_for     = "10s"   # stops then, however many there are
    every          = "100ms" # from one arming to the next
    memory_segment = 2       # of the unit's own memory; 0 without this line
  }
}
