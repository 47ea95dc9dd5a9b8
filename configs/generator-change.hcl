# A signal generator that is changed, turned off and on again while its output is recorded. The simulated unit sees its own
# output; each change is an event of the recording, which "logger inspect" lists.
#   logger run configs/generator-change.hcl

run "generator-change" {
  output   = "recordings"
  duration = "6s"
}

device "bench" {
  driver = "sim"
  channel "A" {
    range = "2V"
    sim {
      signal = "loopback"
      noise  = "2mV"
    }
  }
  stream { sample_rate = "200kS/s" }

  signal_generator {
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "2V" # peak to peak

    change "1s" { frequency = "5kHz" } # what a change leaves out stays
    change "2s" {
      wave      = "square"
      amplitude = "1V"
      offset    = "500mV"
    }
    change "3s" { enabled = false }
    change "4s" {
      enabled        = true
      wave           = "sine"
      frequency      = "1kHz"
      sweep          = "up_down"
      stop_frequency = "10kHz"
      step           = "100Hz"
      dwell          = "5ms"
    }
    change "5s" {
      sweep     = "none"
      operation = "noise"
    }
  }
}
