# Rapid block, and one block for ever.
run "rapid" {
  output = "recordings"
  rotate = "1GiB"
}
device "gate" {
  driver        = "ps6000a"
  sample_format = "int8"
  channel "H" {
    range    = "2V"
    coupling = "dc50"
  }
  rapid_block {
    captures       = 1000
    pre            = "10us"
    post           = "90us"
    sample_rate    = "625MS/s"
    repeat         = 10
    memory_segment = 7
  }
}
device "slow" {
  driver = "ps6000a"
  channel "A" { range = "2V" }
  block {
    post            = 5000
    sample_interval = "3.2ns"
    repeat          = "forever"
    downsample {
      mode  = "decimate"
      ratio = 5
    }
  }
}
