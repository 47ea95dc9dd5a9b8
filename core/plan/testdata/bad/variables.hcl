#! var b=one
#! var c=[
#! var bb=1
# Variables without values, with wrong values, and unknown ones.
variable "a" {
}
variable "b" {
  default = 1
}
variable "c" {
  default = ["x"]
}
variable "b" {
  default = 2
}
variable "d-e.f" {
  default = 2
}
variable "g" {
  default   = var.b
  sensitive = "perhaps"
  typ       = "x"
}
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  serial = var.a
  model = "${var.g}"
  stream { sample_rate = "1kS/s" }
}
