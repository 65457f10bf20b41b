package storm

import (
	"slices"

	"github.com/anishathalye/porcupine"
)

// A holder is one account in the model: the one organization that it is in, and how its owner is called.
// It is a value.
type holder struct {
	org  string // the lock; "" while it names none that lives
	name string // the first name; "" until it was changed
}

// step returns the holder after a deed of its owner's, or one that concerns them.
func (h holder) step(d deed) (holder, bool) {
	switch d.what {
	case "enters":
		free := h.org == "" || h.org == d.org // again by whoever is in: the same
		h.org = d.org
		return h, free
	case "founds":
		free := h.org == ""
		h.org = d.org
		return h, free
	case "goes":
		was := h.org == d.org
		h.org = ""
		return h, was
	case "is let go": // by whoever removes them, member or not, or deletes what they are in
		if h.org == d.org {
			h.org = ""
		}
		return h, true
	case "calls":
		h.name = d.name
		return h, true
	case "is in":
		return h, h.org == d.org
	case "is out":
		return h, h.org != d.org
	case "is nowhere":
		return h, h.org == ""
	case "is called":
		return h, h.name == d.name
	}
	panic("no such deed: " + d.what)
}

// concerns tells what a deed does to accounts: whom it concerns, and the kind of deed that it is to them. An
// organization that is deleted lets everybody go.
func concerns(d deed) (whom []int, what string) {
	switch d.what {
	case "creates":
		return []int{d.who}, "founds"
	case "accepts", "follows", "activates":
		return []int{d.who}, "enters"
	case "leaves":
		return []int{d.who}, "goes"
	case "removes":
		return []int{d.whom}, "is let go"
	case "deletes":
		for who := range group {
			whom = append(whom, who)
		}
		return whom, "is let go"
	case "is in", "is out", "is nowhere", "calls":
		return []int{d.who}, d.what
	case "is called":
		return []int{d.whom}, d.what
	}
	return nil, ""
}

// holders are the histories of the accounts, which are in as many organizations as there are in one
// history.
func holders(all []porcupine.Operation) (of [group][]porcupine.Operation) {
	for _, o := range all {
		d := o.Input.(deed)
		whom, what := concerns(d)
		for _, one := range whom {
			mine := o
			mine.Input = deed{org: d.org, what: what, who: one, name: d.name, unknown: d.unknown}
			of[one] = append(of[one], mine)
		}
	}
	return of
}

// houses are the histories of the organizations.
func houses(all []porcupine.Operation) map[string][]porcupine.Operation {
	of := map[string][]porcupine.Operation{}
	for _, o := range all {
		d := o.Input.(deed)
		if !slices.Contains([]string{"is nowhere", "calls", "is called"}, d.what) {
			of[d.org] = append(of[d.org], o)
		}
	}
	return of
}
