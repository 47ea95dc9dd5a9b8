# Values of the wrong type everywhere.
run "r" {
  output = ["x"]
}
device "a" {
  driver   = { a = 1 }
  serial   = ["x"]
  optional = {}
  channel "A" {
    range = ["5V"]
    probe = {}
    scale = []
  }
  stream { sample_rate = true }
}
