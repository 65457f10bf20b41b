package ses

import (
	"net/http"
	"strconv"
)

// Local returns the inbox as the local cloud shows it: GET and DELETE /_local/mail for tests,
// GET /_local/inbox for people. A list is narrowed by ?to=<address>, and to the newest by ?limit=<n>.
func (i *Inbox) Local() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_local/mail", i.list)
	mux.HandleFunc("DELETE /_local/mail", func(w http.ResponseWriter, _ *http.Request) {
		i.Empty()
		reply(w, http.StatusOK, struct{}{})
	})
	mux.HandleFunc("GET /_local/inbox", page)
	return mux
}

func (i *Inbox) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	mails := i.Mails(query.Get("to"))
	if n, err := strconv.Atoi(query.Get("limit")); err == nil && n >= 0 {
		mails = mails[:min(n, len(mails))]
	}
	w.Header().Set("Cache-Control", "no-store")
	reply(w, http.StatusOK, map[string][]*Mail{"mails": mails})
}
