package customer

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"roster/shared/fault"
)

// instance answers everything alike, without a network.
type instance func() (int, string)

func (i instance) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := i()
	return &http.Response{
		StatusCode: status, Request: r, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/json"}}, ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// Whatever an instance answers, callers get what they asked for, whole, or ErrUnavailable.
func FuzzAnswers(f *testing.F) {
	contact := `{"sys_id":"c","email":"` + string(hank) + `","active":"true","account":{"value":"a","display_value":"A"},"sys_created_on":"2026-01-01 00:00:00"}`
	for _, body := range []string{
		`{"result":[]}`, `{"result":{}}`, `{"result":[` + contact + `]}`, `{"result":null}`, `{"result":[null]}`, `[]`, `{`, `<html>`, ``,
		`{"result":[{"sys_id":5}]}`, `{"result":[{"sys_id":{"value":null,"display_value":null}}]}`, `{"error":{"message":"No Record found"},"status":"failure"}`,
	} {
		for _, status := range []int{200, 201, 404, 500} {
			f.Add(status, body)
		}
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			return // no HTTP
		}
		c := newClient("https://instance.example", standard(), func(context.Context) (string, error) {
			return `{"username":"roster","password":"pass-w0rd"}`, nil
		})
		c.http = &http.Client{Transport: instance(func() (int, string) { return status, body })}
		for what, ask := range every(c) {
			var known *fault.Error
			if err := ask(asking(t)); err != nil && (!errors.As(err, &known) || known.Kind == fault.Internal) {
				t.Fatalf("%s: %v", what, err)
			}
		}
		entitlements, err := c.Entitlements(asking(t), globex)
		for _, e := range entitlements {
			if err != nil || e.SoftwareFamilies == nil || e.Start.IsZero() || e.End.IsZero() {
				t.Fatalf("%+v, %v", e, err)
			}
		}
	})
}

// A mapping that is taken has only names of tables and fields that can stand in a query.
func FuzzParseMapping(f *testing.F) {
	for _, s := range []string{
		"", "{}", `{"contact":{"table":"u_contact"}}`, `{"contact":{"email":"a^b"}}`, `{"ticket":{"priorities":{"high":"1"},"page":"x?id={id}"}}`,
		`{"account":{"active":""}}`, `{"contact":{"account":"a.b.c"}}`, `{"contact":{"table":"."}}`, `[]`, `{"x":1}`, `{"contact":null}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := parseMapping(s)
		if err != nil {
			return
		}
		for _, of := range []any{m.Contact, m.Account, m.Entitlement, m.Ticket} {
			for name, field := range reflect.ValueOf(of).Fields() {
				if v, ok := field.Interface().(Field); ok && strings.ContainsAny(string(v), "^=,&?/ \t\r\n\x00") {
					t.Fatalf("%s is %q", name.Name, v)
				}
			}
		}
	})
}

// A cell of any shape is text, or is refused in words of our own.
func FuzzCell(f *testing.F) {
	for _, s := range []string{`null`, `""`, `"x"`, `{"value":"1","display_value":"One"}`, `{"value":null}`, `{}`, `5`, `true`, `[]`, `{"value":5}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := record{}
		var c cell
		if json.Unmarshal([]byte(s), &c) != nil {
			return
		}
		r["x"] = c
		if at, err := r.instant("x"); err == nil && at.Location() != time.UTC {
			t.Fatalf("%q is %v", s, at)
		}
		for _, one := range r.list("x") {
			if one == "" || one != strings.TrimSpace(one) {
				t.Fatalf("%q has %q", s, one)
			}
		}
		if _, err := r.is("x"); err != nil && r.value("x") == "" {
			t.Fatal(err)
		}
	})
}

// A condition that is made holds the value as one, and nothing else.
func FuzzEquals(f *testing.F) {
	for _, s := range []string{"a", "a^ORb=c", "javascript:x", " JavaScript:x", "", " ", "a\nb", "\u2028", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := equals("email", s)
		if err == nil && (q != "email="+s || strings.Contains(s, "^")) || err != nil && q != "" {
			t.Fatalf("%q: %q, %v", s, q, err)
		}
	})
}
