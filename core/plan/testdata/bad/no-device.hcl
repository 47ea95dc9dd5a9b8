# A plan without a device.
run "r" {
  output = "recordings"
}
