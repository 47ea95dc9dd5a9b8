# The shortest useful plan: one simulated device, ten seconds, nothing attached.
#   logger run configs/quick.hcl

run "quick" {
  output   = "recordings" # each run gets a folder of its own in it
  duration = "10s"
}

device "quick" {
  driver = "sim"

  channel "A" {
    range = "5V"
    sim { # the driver's own options
      signal    = "sine"
      frequency = "1kHz"
      amplitude = "2V" # peak to peak
      noise     = "5mV"
    }
  }
  channel "B" {
    range = "5V"
    sim { signal = "proof" } # every sample tells its own index
  }

  stream { sample_rate = "1MS/s" }
}
