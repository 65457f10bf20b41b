// Package telemetrytest reads what functions log, and holds lines to CloudWatch's embedded metric
// format. Only tests import it.
package telemetrytest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Line is a line of log, as JSON has it.
type Line = map[string]any

// Lines returns the lines of a log that are JSON objects. What stands before one, such as a function's
// name, is left aside.
func Lines(log []byte) []Line {
	var all []Line
	for raw := range bytes.Lines(log) {
		_, object, found := bytes.Cut(raw, []byte("{"))
		var l Line
		if found && json.Unmarshal(append([]byte("{"), object...), &l) == nil {
			all = append(all, l)
		}
	}
	return all
}

// document is the part of a line that the format defines.
type document struct {
	AWS *struct {
		Timestamp         *int64       `json:"Timestamp"`
		CloudWatchMetrics *[]directive `json:"CloudWatchMetrics"`
	} `json:"_aws"`
}

type directive struct {
	Namespace  string     `json:"Namespace"`
	Dimensions [][]string `json:"Dimensions"`
	Metrics    []struct {
		Name              string `json:"Name"`
		Unit              string `json:"Unit"`
		StorageResolution *int   `json:"StorageResolution"`
	} `json:"Metrics"`
}

var units = strings.Fields(`Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits
	Megabits Gigabits Terabits Percent Count None`)

// CheckEMF returns what is wrong with a line by the specification of the embedded metric format.
func CheckEMF(raw []byte) error {
	var root Line
	if err := json.Unmarshal(raw, &root); err != nil {
		return err
	}
	if len(raw) > 256<<10 {
		return errors.New("it is too long")
	}
	part, err := json.Marshal(map[string]any{"_aws": root["_aws"]})
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(part))
	dec.DisallowUnknownFields() // the format's objects have no other members
	var d document
	if err := dec.Decode(&d); err != nil {
		return err
	}
	if d.AWS == nil || d.AWS.Timestamp == nil || d.AWS.CloudWatchMetrics == nil {
		return errors.New("_aws, Timestamp or CloudWatchMetrics is missing")
	}
	if age := time.Since(time.UnixMilli(*d.AWS.Timestamp)); age > 14*24*time.Hour || age < -2*time.Hour {
		return fmt.Errorf("the time stamp is %v old", age)
	}
	for _, m := range *d.AWS.CloudWatchMetrics {
		if err := m.check(root); err != nil {
			return err
		}
	}
	return nil
}

func (d directive) check(root Line) error {
	if d.Namespace == "" || len(d.Namespace) > 1024 || len(d.Dimensions) == 0 || len(d.Metrics) > 100 {
		return fmt.Errorf("directive %+v", d)
	}
	for _, set := range d.Dimensions {
		if len(set) > 30 {
			return fmt.Errorf("%d dimensions", len(set))
		}
		for _, name := range set {
			if value, ok := root[name].(string); !ok || name == "" || len(name) > 250 || value == "" || len(value) > 1024 {
				return fmt.Errorf("dimension %q is %v", name, root[name])
			}
		}
	}
	for _, m := range d.Metrics {
		if _, ok := root[m.Name].(float64); !ok || m.Name == "" || len(m.Name) > 1024 || !slices.Contains(units, m.Unit) {
			return fmt.Errorf("metric %+v is %v", m, root[m.Name])
		}
		if r := m.StorageResolution; r != nil && *r != 1 && *r != 60 {
			return fmt.Errorf("metric %q has resolution %d", m.Name, *r)
		}
	}
	return nil
}
