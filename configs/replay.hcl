# A recorded event played back: six seconds around the opening of a high-voltage breaker, with the phase currents as
# analog channels and the breaker's contacts as digital lines. The file says where it comes from and under which licence.

locals {
  recording = "../plugins/sim/testdata/breaker_opening.json" # relative to this plan
  phases    = { A = "R", B = "S", C = "T" }
}

run "replay" {
  output   = "recordings"
  duration = "6s"
}

device "breaker" {
  driver = "sim"
  model  = "SIM-14-MSO"

  dynamic "channel" {
    for_each = local.phases
    labels   = [channel.key]
    content {
      range = "5V"
      label = "current of phase ${channel.value}"
      scale = "100A/V" # a current clamp with 10 mV/A
      sim {
        signal       = "replay"
        file         = local.recording
        file_channel = "HV current, phase ${channel.value}"
        gain         = 0.01 # volts per ampere
      }
    }
  }

  digital "D0-7" {
    threshold = "1.5V"
    labels    = ["closed", "open"]
  }
  sim {
    digital "D0-7" {
      pattern = "replay"
      file    = local.recording
    }
  }

  stream { sample_rate = "1200S/s" }
}
