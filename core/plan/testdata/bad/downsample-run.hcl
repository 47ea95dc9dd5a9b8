# Ratios with which the run ends before one group of samples is complete.
run "r" {
  output   = "recordings"
  duration = "2s"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode  = "aggregate"
      ratio = 100000000
    }
  }
}
device "b" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode  = "average"
      ratio = 2000000
    }
  }
}
device "c" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_interval = "1s"
    downsample {
      mode  = "decimate"
      ratio = 3
    }
  }
}
device "d" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_interval = "1500ms"
    downsample {
      mode     = "decimate"
      ratio    = 2
      keep_raw = true
    }
  }
}
