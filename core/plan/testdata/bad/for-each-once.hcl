# A mistake in a device that for_each makes three times is told once.
run "r" {
  output = "recordings"
}
device "a" {
  for_each = ["x", "y", "z"]
  driver   = "sim"
  channel "A" { range = "5 volt" }
  stream { sample_rate = "1kHertz" }
}
