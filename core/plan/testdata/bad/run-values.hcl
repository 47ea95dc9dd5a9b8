# Values of run that cannot be.
run "r" {
  output     = ""
  duration   = "0s"
  rotate     = "daily"
  sync       = "1ms"
  max_memory = "99%"
  hold       = "100ms"
  adopt      = "2 hours"
  sha512     = "maybe"
  keep       = "al"
  tags       = "one"
  disk {
    keep_free = 10
    when_low  = "drop-oldest"
    retry_for = "10 mins"
    free      = 1
  }
  plugins {
    sandbox = "yes"
  }
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
