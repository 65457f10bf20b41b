package storm

import (
	"slices"
	"testing"
)

// least is how many deeds of each kind a history has at least, those that perhaps happened among them. What
// is rarer is brought about.
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

// examineMix fails the test where a history holds too little to tell anything, or where too much of it is
// unknown: of what nobody knows whether it happened, a model believes everything.
func (h *history) examineMix() {
	h.t.Helper()
	for what, n := range least() {
		if got := h.done[what] + h.doubts[what]; got < n {
			h.t.Errorf("the history has %d deeds of the kind %q; want at least %d", got, what, n)
		}
	}
	reads, writes, doubts := 0, 0, 0
	for what, n := range h.done {
		if (deed{what: what}).reads() {
			reads += n
		} else {
			writes += n
		}
	}
	for _, n := range h.doubts {
		doubts += n
	}
	if reads < leastReads {
		h.t.Errorf("the history saw %d things; want at least %d", reads, leastReads)
	}
	if 3*doubts > writes {
		h.t.Errorf("of %d deeds nobody knows whether they happened, and %d are known to; want at most a third", doubts, writes)
	}
}

// examineDoubts fails the test where no outcome is unknown in all of the histories, as if nothing had
// gone wrong.
func examineDoubts(t testing.TB, all []*history) {
	t.Helper()
	n := 0
	for _, h := range all {
		for _, doubts := range h.doubts {
			n += doubts
		}
	}
	if n == 0 {
		t.Error("everybody was told what happened; want some not to be")
	}
}
