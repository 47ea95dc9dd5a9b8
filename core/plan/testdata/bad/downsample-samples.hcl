# The same where the run ends by its number of samples, and where a number is secret.
variable "groups" {
  default   = 1001
  sensitive = true
}
run "r" {
  output  = "recordings"
  samples = 1000
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode  = "aggregate"
      ratio = 1001
    }
  }
}
device "b" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode  = "aggregate"
      ratio = var.groups
    }
  }
}
