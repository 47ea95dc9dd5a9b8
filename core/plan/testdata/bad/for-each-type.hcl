# for_each of something that has no elements.
run "r" {
  output = "recordings"
}
device "a" {
  for_each = "x"
  driver   = "sim"
}
device "b" {
  for_each = [1, 2]
  driver   = "sim"
}
device "c" {
  for_each = ["x", "x"]
  driver   = "sim"
}
