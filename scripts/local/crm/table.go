package crm

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

const defaultLimit = 10000

// admitted returns the table of a request that may go on; others are answered.
func (s *Server) admitted(w http.ResponseWriter, r *http.Request) (table string, ok bool) {
	table = r.PathValue("table")
	s.count(table)
	if !s.admits(w, r) {
		return "", false
	}
	if s.schema[table] == nil {
		refuse(w, http.StatusBadRequest, "Invalid table "+table, "")
		return "", false
	}
	return table, true
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	table, ok := s.admitted(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in := r.URL.Query()
	found := s.selected(table, Parse(in.Get("sysparm_query")))
	limit, offset := number(in, "sysparm_limit", defaultLimit), number(in, "sysparm_offset", 0)
	page := found[min(offset, len(found)):min(offset+limit, len(found))]
	rows := []map[string]any{}
	for _, each := range page {
		if each[hidden].value != "true" {
			rows = append(rows, s.present(r, table, each))
		}
	}
	w.Header().Set("X-Total-Count", strconv.Itoa(len(found)))
	w.Header().Set("Link", links(r, limit, offset, len(found)))
	answer(w, http.StatusOK, map[string]any{"result": rows})
}

func number(in url.Values, name string, otherwise int) int {
	n, err := strconv.Atoi(in.Get(name))
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}

// selected are the records that a query selects, in its order. The caller holds the lock.
func (s *Server) selected(table string, q Query) []record {
	var found []record
	for _, r := range s.tables[table] {
		known := func(f string) bool { _, _, ok := s.at(table, record{}, f); return ok }
		read := func(f string) string { c, _, _ := s.at(table, r, f); return c.value }
		if q.matches(known, read) {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, func(a, b record) int {
		for _, f := range q.Order {
			name, descends := strings.CutPrefix(f, "-")
			order := cmp.Compare(a[name].value, b[name].value)
			if descends {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
	return found
}

// links is the Link header: absolute addresses of the first page and its neighbours.
func links(r *http.Request, limit, offset, total int) string {
	to := func(offset int, rel string) string {
		in := r.URL.Query()
		in.Set("sysparm_offset", strconv.Itoa(offset))
		return fmt.Sprintf(`<http://%s%s?%s>;rel="%s"`, r.Host, r.URL.Path, in.Encode(), rel)
	}
	all := []string{to(0, "first")}
	if offset > 0 {
		all = append(all, to(max(offset-limit, 0), "prev"))
	}
	if offset+limit < total {
		all = append(all, to(offset+limit, "next"))
	}
	return strings.Join(append(all, to(max(total-1, 0)/max(limit, 1)*limit, "last")), ",")
}

func (s *Server) get(w http.ResponseWriter, r *http.Request) {
	table, ok := s.admitted(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.find(table, r.PathValue("id"))
	if found == nil {
		refuse(w, http.StatusNotFound, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
		return
	}
	answer(w, http.StatusOK, map[string]any{"result": s.present(r, table, found)})
}

// create adds a case; columns that the table does not have are left out.
func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	table, ok := s.admitted(w, r)
	if !ok {
		return
	}
	var in map[string]string
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || table != cases {
		refuse(w, http.StatusForbidden, "Operation Failed", "Only cases of text are taken")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	added := s.newCase()
	for name, value := range in {
		if _, ok := s.schema[table][name]; ok && name != "sys_id" {
			added[name] = s.shown(table, name, value)
		}
	}
	s.tables[table] = append(s.tables[table], added)
	w.Header().Set("Location", "http://"+r.Host+r.URL.Path+"/"+added["sys_id"].value)
	answer(w, http.StatusCreated, map[string]any{"result": s.present(r, table, added)})
}

// newCase is a case as its table's defaults and business rules make it. The caller holds the lock.
func (s *Server) newCase() record {
	s.numbers++
	return record{
		"sys_id": plain(newID()), "sys_created_on": plain(time.Now().UTC().Format(time.DateTime)),
		"number": plain(fmt.Sprintf("CS%07d", s.numbers)), "state": {"1", "New"}, "priority": {"4", "4 - Low"},
		"sys_class_name": {cases, "Case"}, "active": plain("true"),
	}
}

// shown is a value with its display: of the record it refers to, or of the choice. The caller holds
// the lock.
func (s *Server) shown(table, name, value string) cell {
	if to := s.schema[table][name]; to != "" {
		return cell{value, s.find(to, value)["name"].display}
	}
	if label, ok := priorities()[value]; ok && name == "priority" {
		return cell{value, label}
	}
	return plain(value)
}

func priorities() map[string]string {
	return map[string]string{"1": "1 - Critical", "2": "2 - High", "3": "3 - Moderate", "4": "4 - Low"}
}

func newID() string { return strings.ReplaceAll(uuid.NewString(), "-", "") }
