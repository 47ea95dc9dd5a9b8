# Digital ports with mistakes.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  digital "D0-7" {
    threshold = ["1V", "2V"]
    labels    = { D9 = "x" }
  }
  digital "D8-15" {
    threshold  = "1.5"
    hysteresis = "high"
    labels     = ["a", 1]
  }
  digital "D16-23" { threshold = [] }
  stream { sample_rate = "1kS/s" }
}
