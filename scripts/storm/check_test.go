package storm

import (
	"fmt"
	"math"
	"math/bits"
	"time"

	"github.com/anishathalye/porcupine"
)

// A turn is the beginning or the end of the read of that number.
type turn struct {
	read int
	ends bool
}

// mostReads is how many reads the history of one world may have.
const mostReads = 4096

// A world is what a history is about: a house, or a holder. It is a value; step returns it after a deed,
// and whether the deed can have happened, or been seen, so.
type world[W any] interface {
	comparable
	step(d deed) (W, bool)
}

// A sight is a world together with the reads that are under way and have not yet seen what they saw.
type sight[W world[W]] struct {
	of    W
	blind [mostReads / 64]uint64
}

func (s sight[W]) isBlind(read int) bool { return s.blind[read/64]&(1<<(read%64)) != 0 }

// sees takes away every read that sees by now what it saw.
func (s sight[W]) sees(reads []deed) sight[W] {
	for word, set := range s.blind {
		for ; set != 0; set &= set - 1 {
			read := 64*word + bits.TrailingZeros64(set)
			if _, ok := s.of.step(reads[read]); ok {
				s.blind[word] &^= 1 << (read % 64)
			}
		}
	}
	return s
}

// next returns what the sight may be after a deed or a turn; nothing when it cannot have been so.
func (s sight[W]) next(input any, reads []deed) []any {
	if t, ok := input.(turn); ok {
		if t.ends && s.isBlind(t.read) {
			return nil
		}
		if !t.ends {
			s.blind[t.read/64] |= 1 << (t.read % 64)
		}
		return []any{s.sees(reads)}
	}
	d := input.(deed)
	var all []any
	if d.unknown {
		all = append(all, s)
	}
	if after, ok := s.of.step(d); ok {
		s.of = after
		all = append(all, s.sees(reads))
	}
	return all
}

// check holds a history to the model that begins with first. A read is split into its two ends: it
// changes nothing, so that it may see as soon as it can, and porcupine need not try when.
func check[W world[W]](history []porcupine.Operation, first W) (porcupine.CheckResult, string) {
	var reads []deed
	var all []porcupine.Operation
	for _, o := range history {
		d := o.Input.(deed)
		if !d.reads() {
			all = append(all, o)
			continue
		}
		begins, ends := o, o
		begins.Input, begins.Return = turn{len(reads), false}, o.Call
		ends.Input, ends.Call = turn{len(reads), true}, o.Return
		reads, all = append(reads, d), append(all, begins, ends)
	}
	if len(reads) > mostReads {
		return porcupine.Unknown, "too many reads"
	}
	m := porcupine.NondeterministicModel{
		Init: func() []any { return []any{sight[W]{of: first}} },
		Step: func(state, input, _ any) []any { return state.(sight[W]).next(input, reads) },
	}
	result, info := porcupine.CheckOperationsVerbose(m.ToModel(), all, checks)
	return result, unplaced(all, reads, info.PartialLinearizationsOperations())
}

// unplaced names the deed that ended first of those that the longest explanation of a history leaves
// out: what cannot have been so, or whatever made it so.
func unplaced(all []porcupine.Operation, reads []deed, partials [][][]porcupine.Operation) string {
	var longest []porcupine.Operation
	for _, some := range partials {
		for _, one := range some {
			if len(one) > len(longest) {
				longest = one
			}
		}
	}
	placed := map[any]int{}
	for _, o := range longest {
		placed[[3]any{o.Input, o.Call, o.Return}]++
	}
	first := porcupine.Operation{Return: math.MaxInt64}
	for _, o := range all {
		k := [3]any{o.Input, o.Call, o.Return}
		if placed[k]--; placed[k] < 0 && o.Return < first.Return {
			first = o
		}
	}
	d, ok := first.Input.(deed)
	if t, is := first.Input.(turn); is {
		d, ok = reads[t.read], true
	}
	if !ok {
		return ""
	}
	return fmt.Sprintf("%v, until %.3f ms", d, float64(first.Return)/1e6)
}

// checks is how long one history may be thought about. One that takes longer has failed.
const checks = 20 * time.Second
