# Devices made of a map, an object and a list; blocks made by dynamic blocks, also within each other.
locals {
  cells = { one = "SIM1", two = "SIM2" }
  inputs = [
    { name = "A", range = "5V", waves = ["1kHz", "3kHz"] },
    { name = "B", range = "500mV", waves = [] },
  ]
}
run "cells" {
  output   = "recordings"
  duration = "1m"
}
device "cell" {
  for_each = local.cells
  driver   = "sim"
  serial   = each.value
  dynamic "channel" {
    for_each = local.inputs
    labels   = [channel.value.name]
    content {
      range = channel.value.range
      label = "${each.key} ${channel.key}"
      sim {
        signal = "proof"
        dynamic "add" {
          for_each = channel.value.waves
          iterator = wave
          content {
            frequency = wave.value
          }
        }
      }
    }
  }
  stream { sample_rate = "1kS/s" }
}
device "probe" {
  for_each = ["left", "right"]
  driver   = "sim"
  channel "A" { range = each.key == "left" ? "1V" : "2V" }
  stream { sample_rate = "1kS/s" }
}
device "set" {
  for_each = toset(["b", "a"])
  driver   = each.value == "a" ? "sim" : "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
