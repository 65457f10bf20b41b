// Package bench measures what DESIGN.md §10 sets bars for and a test must not judge by a clock: how
// fast functions start, beside an empty function with the same SDK clients, neither with a connection; how
// long a warm one works besides DynamoDB; how many requests a second go through the local gateway; how
// large the binaries are; and whether memory and latency stay under a load. `make bench` and `make load`
// run it and print tables as the README has them; a figure holds for the machine that it was measured on.
package bench
