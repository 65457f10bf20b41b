package main

// version is the hash of all files of the site, which `go test ./functions/portal -update` writes: a
// test holds it to them, so that a changed file never has an earlier one's address.
const version = "d9fea1e5f38ffdaf"
