// Package cost tells what Roster costs at AWS's list prices: a stage that nobody calls, from its
// template, and a million calls of an operation, from what one is measured to consume. `make cost`
// measures and prints.
package cost

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
)

//go:embed prices.json
var list []byte

// Prices are AWS's, in dollars, of one region.
type Prices struct {
	Region, Source string
	PerMillion     struct {
		APIRequests      float64 `json:"api_requests"`
		FirewallRequests float64 `json:"firewall_requests"`
		Invocations      float64 `json:"invocations"`
		ReadUnits        float64 `json:"read_units"`
		WriteUnits       float64 `json:"write_units"`
		Traces           float64 `json:"traces"`
		Mails            float64 `json:"mails"`
	} `json:"per_million"`
	PerGigabyte struct {
		MemorySecond float64 `json:"memory_second"`
		Log          float64 `json:"log"`
	} `json:"per_gigabyte"`
	PerMonth map[string]float64 `json:"per_month"`
}

// List returns the list prices.
func List() (p Prices, err error) {
	if err := json.Unmarshal(list, &p); err != nil {
		return p, fmt.Errorf("prices.json: %w", err)
	}
	return p, nil
}

const (
	memoryMB = 256 // of every function
	// traced is the part of all requests of which X-Ray keeps a trace.
	traced = 0.05
	// platformLog is what Lambda itself writes of an invocation, about, and gatewayLog what API Gateway
	// does of a request, in bytes.
	platformLog, gatewayLog = 700, 400
)

// A Call is what one call of an operation consumes.
type Call struct {
	Routed        bool // it came through API Gateway
	Mails         int
	Reads, Writes float64 // capacity units
	Millis        float64 // that the function worked; Lambda bills whole ones
	Log           float64 // bytes that the function wrote
}

// Million is what a million of such calls cost.
func (p Prices) Million(c Call) float64 {
	m := p.PerMillion
	bytes := c.Log + platformLog
	sum := m.Invocations + c.Reads*m.ReadUnits + c.Writes*m.WriteUnits + traced*m.Traces + float64(c.Mails)*m.Mails
	if c.Routed {
		sum += m.APIRequests
		bytes += gatewayLog
	}
	seconds := math.Max(math.Ceil(c.Millis), 1) / 1000
	return sum + 1e6*(seconds*memoryMB/1024*p.PerGigabyte.MemorySecond+bytes/1e9*p.PerGigabyte.Log)
}

// metrics are those that a function adds in a month in which every call of it ends well: Requests, and
// Duration. Every other outcome and counter is one more.
const metrics = 2

// Function is what a function costs in a month in which it is called, however often.
func (p Prices) Function() float64 { return metrics * p.PerMonth["metrics"] }
