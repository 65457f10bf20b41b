// Package storm holds races and faults over the running local cloud: the functions that Lambda runs,
// a real DynamoDB engine, the real SDK. It sends what collides at the same instant, breaks what lies
// between functions and table, kills functions, and then holds the answers to API.md, the table to
// the bars of DESIGN.md §10, and recorded histories to a sequential model. Bugs that are planted into
// the functions show that it would notice them. Its flags make it longer:
// go test ./scripts/storm -storm.rounds 20 -storm.seed 7 -storm.seeds 5.
package storm
