# Calls of functions that fail.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  serial = uper("x")
  model = upper("x", "y")
  library = file("none.txt")
  resolution = env("NOT_SET")
  power = join(1)
  sample_format = lookup({ a = 1 }, "b")
  stream { sample_rate = "1kS/s" }
}
