#! var volts=2V
#! var count=3
#! var names=["x", "y"]
#! var deep={rate = "2kS/s"}
#! var-file rig.vars
# Variables in all forms, locals that need each other, and functions.
variable "volts" {
  description = "range of all channels"
}
variable "count" {
  default = 1
}
variable "names" {
  default = ["a"]
}
variable "deep" {
  default = { rate = "1kS/s" }
}
variable "cell_range" {
  default = "5V"
}
variable "untouched" {
  default = true
}
locals {
  label = "${local.prefix}-${upper("end")}"
}
locals {
  prefix = format("%s/%d", join("+", var.names), var.count)
  rates  = { slow = "10S/s", fast = var.deep.rate }
  tags   = concat([for n in var.names : "tag-${n}"], split(",", "p,q"))
}
run "v" {
  output   = "recordings"
  duration = var.untouched ? "${var.count * 2}s" : "1s"
  tags     = local.tags
}
device "a" {
  driver = "sim"
  channel "A" {
    range = var.volts
    label = local.label
  }
  channel "B" {
    range = var.cell_range
    label = replace(lower(trimspace(" AB ")), "b", "c")
  }
  stream { sample_rate = lookup(local.rates, "fast", "1S/s") }
}
