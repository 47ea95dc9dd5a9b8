# Sample rates that cannot be read.
run "r" {
  output = "recordings"
}
device "d0" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1Msps"
  }
}
device "d1" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_rate = 1000
  }
}
device "d2" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_interval = "0s"
  }
}
device "d3" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_rate     = "1MS/s"
    sample_interval = "1us"
  }
}
device "d4" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    timebase = 3
  }
}
device "d5" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1/0S/s"
  }
}
device "d6" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1KS/s"
  }
}
device "d7" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    pre = 10
    sample_rate = "1,5kS/s"
  }
}
