package operation_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/shared/operation"
)

// families is all of them.
const families = operation.Accounts | operation.Addresses | operation.Orgs | operation.Customers |
	operation.Servers

func TestEveryPartitionOfTheStoreIsOfOneFamily(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(root, "shared/store/keys.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := operation.Keys(0)
	for _, m := range regexp.MustCompile(`(?:return|key\{)\s*"([A-Z]+#)"`).FindAllStringSubmatch(string(raw), -1) {
		k := operation.Of(m[1] + "x")
		if k == 0 {
			t.Errorf("%s is of no family, so nothing can be granted on it", m[1])
		}
		found |= k
	}
	if found != families {
		t.Errorf("the store makes keys of %q; the families are %q", found.Prefixes(), families.Prefixes())
	}
}

func TestAKeyIsOfTheFamilyThatItBeginsWith(t *testing.T) {
	t.Parallel()
	for pk, want := range map[string]operation.Keys{
		"ACCOUNT#1": operation.Accounts, "EMAIL#a@b.c": operation.Addresses, "ORG#1": operation.Orgs,
		"CUSTOMER#1": operation.Customers, "PMM#1": operation.Servers,
		"": 0, "ORG#": 0, "ORG": 0, "org#1": 0, "ORGS#1": 0,
	} {
		if got := operation.Of(pk); got != want {
			t.Errorf("Of(%q) = %q, want %q", pk, got.Prefixes(), want.Prefixes())
		}
	}
	if got := strings.Join(families.Prefixes(), " "); got != "ACCOUNT# EMAIL# ORG# CUSTOMER# PMM#" {
		t.Error(got)
	}
}

func TestRightsAreWhatTheTableSaysAndNoMore(t *testing.T) {
	t.Parallel()
	const a, e, o = operation.Accounts, operation.Addresses, operation.Orgs
	got := operation.Table{
		Get: a | o, Query: e, Check: o, Put: a, Update: o | e, Delete: e,
		UpdateAlone: a, DeleteAlone: e, DeleteMany: o,
	}.Rights()
	const in = "TransactWriteItems"
	want := []operation.Right{
		{"BatchGetItem", "", a | o},
		{"Query", "", e},
		{"ConditionCheckItem", in, o},
		{"PutItem", in, a},
		{"UpdateItem", in, e | o},
		{"DeleteItem", in, e},
		{"UpdateItem", "", a},
		{"DeleteItem", "", e},
		{"BatchWriteItem", "", o},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := (operation.Table{Put: e}).Rights(); len(got) != 1 {
		t.Errorf("rights to nothing: %v", got)
	}
}
