package main

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAnAnswerGoesOutOnTheNextBeat(t *testing.T) {
	t.Parallel()
	for spent, want := range map[time.Duration]time.Duration{
		0:                         steady,
		time.Millisecond:          steady,
		steady - time.Nanosecond:  steady,
		steady:                    2 * steady,
		steady + time.Millisecond: 2 * steady,
		3*steady - 1:              3 * steady,
	} {
		synctest.Test(t, func(t *testing.T) { // time passes only by waiting
			begun := time.Now()
			time.Sleep(spent)
			wait(t.Context(), begun)
			if got := time.Since(begun); got != want {
				t.Errorf("after %v of work the answer goes out at %v, want %v", spent, got, want)
			}
		})
	}
}

func TestNobodyWaitsForABeatWhenTheTimeIsOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), steady/2)
		defer cancel()
		begun := time.Now()
		wait(ctx, begun)
		if got := time.Since(begun); got != steady/2 {
			t.Errorf("waited for %v", got)
		}
	})
}

func TestWhatASignUpMustSay(t *testing.T) {
	t.Parallel()
	good := body{Email: " Ann@Example.com ", First: " Ann ", Last: "Lee", Password: "Secret1234"}
	for name, c := range map[string]struct {
		change func(*body)
		want   string
	}{
		"all of it":                    {func(*body) {}, ""},
		"no address":                   {func(b *body) { b.Email = "" }, "invalid field Email: value '' must not be an empty string"},
		"an address that is none":      {func(b *body) { b.Email = "ann" }, "invalid field Email: value 'ann' must be an e-mail address"},
		"no first name":                {func(b *body) { b.First = " " }, "invalid field FirstName: value ' ' must not be an empty string"},
		"no last name":                 {func(b *body) { b.Last = "" }, "invalid field LastName: value '' must not be an empty string"},
		"no password":                  {func(b *body) { b.Password = "" }, "invalid field Password: value '' must not be an empty string"},
		"a password with the name":     {func(b *body) { b.Password = "SecretANN1234" }, "invalid field Password: value must not contain the first name"},
		"an address before its names":  {func(b *body) { b.Email, b.First = "", "" }, "invalid field Email: value '' must not be an empty string"},
		"a first name of 257 letters":  {func(b *body) { b.First = strings.Repeat("a", 257) }, "invalid field FirstName: value must be at most 256 characters"},
		"a last name with a line feed": {func(b *body) { b.Last = "L\nee" }, "invalid field LastName: value must not contain control characters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := good
			c.change(&b)
			a, err := b.parse()
			if c.want == "" && (err != nil || a != "Ann@Example.com" || b.First != "Ann") {
				t.Errorf("%q, %q, %v", a, b.First, err)
			}
			if c.want != "" && (err == nil || err.Error() != c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
