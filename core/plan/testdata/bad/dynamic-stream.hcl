# The only way of acquisition is made by a dynamic block that is wrong: it is not missed as well.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  dynamic "stream" {
    for_each = missing
    content { sample_rate = "1kS/s" }
  }
}
