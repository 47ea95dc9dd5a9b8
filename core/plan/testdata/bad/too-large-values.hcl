# Values that grow without end.
locals {
  a = "0123456789abcdef0123456789abcdef"
  b = "${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}${local.a}"
  c = "${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}${local.b}"
  d = "${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}${local.c}"
  e = "${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}${local.d}"
  n = 1e999
  m = format("%99999d", 1)
  o = join(local.c, range(1000))
  p = replace(local.c, "0", local.c)
  q = [for x in range(100) : [for y in range(100) : x]]
}
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  serial = local.e
  stream { sample_rate = "1kS/s" }
}
