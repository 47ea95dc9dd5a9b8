# Local values that need themselves, and other mistakes.
locals {
  a = local.b
  b = "${local.c}x"
  c = local.a
  d = local
  e = nothing
  f { x = 1 }
}
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  serial = local.a
  model = local.d
  library = local.e
  stream { sample_rate = "1kS/s" }
}
