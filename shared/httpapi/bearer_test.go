package httpapi

import "testing"

func TestTheCredentialOfAClientIsInItsAuthorization(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		headers map[string]string
		want    string
	}{
		"as HTTP/1.1 writes it":   {map[string]string{"Authorization": "Bearer abc"}, "abc"},
		"in small letters":        {map[string]string{"authorization": "bearer abc"}, "abc"},
		"with space around":       {map[string]string{"Authorization": "Bearer  abc "}, "abc"},
		"no header":               {map[string]string{"Accept": "Bearer abc"}, ""},
		"another scheme":          {map[string]string{"Authorization": "Basic abc"}, ""},
		"a scheme alone":          {map[string]string{"Authorization": "Bearer"}, ""},
		"a credential alone":      {map[string]string{"Authorization": "abc"}, ""},
		"a scheme like the right": {map[string]string{"Authorization": "Bearerabc"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := bearer(c.headers); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
