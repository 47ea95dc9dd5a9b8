# A for_each whose names collide or cannot be.
run "r" {
  output = "recordings"
}
device "a-x" {
  driver = "sim"
  channel "A" { range = "1V" }
  stream { sample_rate = "1kS/s" }
}
device "a" {
  for_each = { x = 1, "Y" = 2, "z.z" = 3 }
  driver   = "sim"
  channel "A" { range = "1V" }
  stream { sample_rate = "1kS/s" }
}
