# A block that is never closed.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
