# Files that file() cannot take.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  serial = file("binary")
  model = file("")
  library = env("A", "B", "C")
  stream { sample_rate = "1kS/s" }
}
