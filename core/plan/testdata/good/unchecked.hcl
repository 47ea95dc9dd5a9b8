#! no-drivers
# Drivers that are not installed: the plan is accepted with a warning for each.
run "unchecked" {
  output = "recordings"
}
device "a" {
  driver = "acme"
  channel "Z9" {
    range = "3.3V"
    acme { whatever = 1 }
  }
  acme {
    mode = "turbo"
    nested { x = 1 }
  }
  stream { sample_rate = "1kS/s" }
}
device "b" {
  driver = "acme"
  channel "A" { range = "3.3V" }
  stream { sample_rate = "1kS/s" }
}
