package crm

import (
	"net/http"
	"strings"
)

// present is a record as the request wants it: sysparm_fields, sysparm_display_value and
// sysparm_exclude_reference_link. Fields that do not exist are left out. The caller holds the lock.
func (s *Server) present(r *http.Request, table string, of record) map[string]any {
	in := r.URL.Query()
	var fields []string
	if list := in.Get("sysparm_fields"); list != "" {
		fields = strings.Split(list, ",")
	} else {
		for name := range s.schema[table] {
			fields = append(fields, name)
		}
	}
	row := map[string]any{}
	for _, f := range fields {
		c, refers, ok := s.at(table, of, f)
		if !ok {
			continue
		}
		link := ""
		if refers != "" && c.value != "" && in.Get("sysparm_exclude_reference_link") != "true" {
			link = "http://" + r.Host + "/api/now/table/" + refers + "/" + c.value
		}
		row[f] = c.present(in.Get("sysparm_display_value"), link)
	}
	return row
}

// present is text, or an object where there is more than one thing to say.
func (c cell) present(displayed, link string) any {
	said := map[string]string{}
	if link != "" {
		said["link"] = link
	}
	switch displayed {
	case "all":
		said["display_value"], said["value"] = c.display, c.value
		return said
	case "true":
		if link == "" {
			return c.display
		}
		said["display_value"] = c.display
		return said
	}
	if link == "" {
		return c.value
	}
	said["value"] = c.value
	return said
}
