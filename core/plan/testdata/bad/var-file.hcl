#! var-file bad.vars
#! var-file none.vars
#! var-file broken.vars
# Files of variables with mistakes.
variable "cell_range" {
  default = "5V"
}
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
