# Many devices from one block, many channels from one table: variables, locals, functions, for_each and dynamic
# blocks. Change a value for one run with, say, --var duration=1m --var 'cells=["a1", "a2"]'.

variable "cells" {
  description = "the cells of the rack; each gets a device called cell-NAME"
  default     = ["a1", "a2", "b1"]
}

variable "duration" {
  default = "10s"
}

locals {
  inputs = [
    { channel = "A", label = "voltage", range = "5V", unit = "V", scale = 1 },
    { channel = "B", label = "current", range = "500mV", unit = "A", scale = 200 },
  ]
}

run "rack" {
  output   = "recordings"
  duration = var.duration
  tags     = concat(["rack"], var.cells)
}

device "cell" {
  for_each = toset(var.cells)
  driver   = "sim"
  serial   = upper("rack-${each.key}")

  dynamic "channel" {
    for_each = local.inputs
    labels   = [channel.value.channel]
    content {
      range = channel.value.range
      label = format("%s of cell %s", channel.value.label, each.key)
      unit  = channel.value.unit
      scale = channel.value.scale
      sim { signal = "proof" }
    }
  }

  stream { sample_rate = "50kS/s" }
}
