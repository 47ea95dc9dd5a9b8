# Fewer samples than the unit takes: the first or the mean of each group, or its smallest and largest, with all samples beside them or without.
#   logger run configs/downsample.hcl

run "downsample" {
  output   = "recordings"
  duration = "10s"
}

locals {
  modes = { first = "decimate", mean = "average", extremes = "aggregate" }
}

device "scope" { # scope-first, scope-mean, scope-extremes
  for_each = local.modes
  driver   = "sim"
  serial   = "DOWN-${upper(each.key)}"

  channel "A" {
    range = "5V"
    sim {
      signal    = "sine"
      frequency = "50Hz"
      amplitude = "8V"
      noise     = "50mV"
    }
  }

  stream {
    sample_interval = "1us"
    downsample {
      mode     = each.value
      ratio    = 100
      keep_raw = each.key == "extremes"
    }
  }
}
