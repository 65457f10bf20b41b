package storm

import (
	"slices"
	"testing"
)

// least is how many deeds of each kind a history should have, and histories side by side must have together,
// those that perhaps happened among them. What is rarer is brought about.
func least() map[string]int {
	return map[string]int{
		"creates": 2, "invites": 6, "invites many": 1, "resends": 3, "accepts": 1, "follows": 1, "activates": 1,
		"declines": 1, "changes": 3, "removes": 1, "leaves": 1, "deletes": 1, "renames": 1, "calls": 1,
	}
}

// leastReads is how many things a history saw at least.
const leastReads = 100

// overdue returns one of the kinds that the history has too few deeds of, of all kinds where none is
// named; "" when there is none.
func (h *history) overdue(kinds ...string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	for what, n := range least() {
		if h.done[what]+h.doubts[what] < n && (len(kinds) == 0 || slices.Contains(kinds, what)) {
			return what
		}
	}
	return ""
}

// count counts what is no deed of its own.
func (h *history) count(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.done[what]++
}

// examineMix fails the test where histories that were recorded side by side hold too little to tell
// anything, or where too much of one is unknown: of what nobody knows whether it happened, a model believes
// everything. In a storm some of it must be, or nothing went wrong.
func examineMix(t testing.TB, all []*history, stormy bool) {
	t.Helper()
	total, unknown := map[string]int{}, 0
	for _, h := range all {
		unknown += h.sum(total)
	}
	for what, n := range least() {
		if total[what] < n {
			t.Errorf("the histories have %d deeds of the kind %q; want at least %d", total[what], what, n)
		}
	}
	if stormy && unknown == 0 {
		t.Error("everybody was told what happened; want some not to be")
	}
}

// sum adds the history's deeds to total, and returns how many of them are unknown.
func (h *history) sum(total map[string]int) (unknown int) {
	h.t.Helper()
	reads, writes := 0, 0
	for what, n := range h.done {
		total[what] += n
		if (deed{what: what}).reads() {
			reads += n
		} else {
			writes += n
		}
	}
	for what, n := range h.doubts {
		total[what] += n
		unknown += n
	}
	if reads < leastReads {
		h.t.Errorf("the history saw %d things; want at least %d", reads, leastReads)
	}
	if 2*unknown > writes {
		h.t.Errorf("of %d deeds nobody knows whether they happened, and %d are known to; want at most half as many", unknown, writes)
	}
	return unknown
}
