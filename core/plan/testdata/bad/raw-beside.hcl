# Raw beside downsampled where it cannot be, segments and captures beyond the limits.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  rapid_block {
    captures       = 300000
    memory_segment = 250000
    post           = "1s"
    sample_rate    = "625MS/s"
    downsample {
      mode     = "average"
      ratio    = 10
      keep_raw = true
    }
  }
}
