# Texts without quotes and unknown names.
locals {
  model = "x"
}
variable "bit" {
  default = "8bit"
}
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  serial = AB123
  model = local.modle
  library = vars.path
  resolution = var.bits
  power = usb
  stream { sample_rate = "1kS/s" }
}
