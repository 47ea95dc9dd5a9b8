# Downsampling with mistakes.
run "r" {
  output = "recordings"
}
device "d0" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
    }
  }
}
device "d1" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode = "agregate"
      ratio = 10
    }
  }
}
device "d2" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode = "average"
    }
  }
}
device "d3" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode = "decimate"
      ratio = 1
    }
  }
}
device "d4" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode = "none"
      ratio = 10
    }
  }
}
device "d5" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode = "average"
      ratio = 10000000
    }
  }
}
device "d6" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode = "average"
      ratio = 2.5
    }
  }
}
