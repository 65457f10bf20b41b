package customer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// sysID is the column that every table has.
const sysID Field = "sys_id"

// create adds a record and returns it as the table has it then.
func (c *Client) create(ctx context.Context, table Field, values map[Field]string, fields []Field) (record, error) {
	body, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	var r record
	_, err = c.call(ctx, http.MethodPost, table, presented(fields), body, &r)
	return r, err
}

// presented are the parameters for fields with value and display, references without their links.
func presented(fields []Field) url.Values {
	names := []string{string(sysID)}
	for _, f := range fields {
		if f != "" && !slices.Contains(names, string(f)) {
			names = append(names, string(f))
		}
	}
	return url.Values{
		"sysparm_fields":                 {strings.Join(names, ",")},
		"sysparm_display_value":          {"all"},
		"sysparm_exclude_reference_link": {"true"},
	}
}

// call asks the Table API once, and once more with fresh credentials if they are refused, and
// decodes the result.
func (c *Client) call(ctx context.Context, method string, table Field, in url.Values, body []byte, out any) (http.Header, error) {
	address := c.base + "/api/now/table/" + string(table) + "?" + in.Encode()
	token, err := c.keys.header(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("credentials for the CRM: %w", err)
	}
	answer, err := c.send(ctx, method, address, "application/json", token, body)
	if err == nil && answer.status == http.StatusUnauthorized {
		if token, err = c.keys.header(ctx, token); err != nil {
			return nil, fmt.Errorf("other credentials for the CRM: %w", err)
		}
		answer, err = c.send(ctx, method, address, "application/json", token, body)
	}
	if err == nil {
		err = answer.result(out)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, table, err)
	}
	return answer.header, nil
}

// result decodes what a good answer of the Table API carries. A good status with an error beside the
// result is what a query gets that ran for too long, and its records are not all there are.
func (a reply) result(out any) error {
	if a.status != http.StatusOK && a.status != http.StatusCreated {
		return fmt.Errorf("the CRM answers with status %d", a.status)
	}
	var envelope struct {
		Result json.RawMessage `json:"result"`
		Error  json.RawMessage `json:"error"`
	}
	switch err := json.Unmarshal(a.body, &envelope); {
	case err != nil:
		return errors.New("the CRM's answer is not JSON as the Table API writes it")
	case envelope.Error != nil:
		return errors.New("the CRM answers with an error beside its result")
	case string(envelope.Result) == "null": // which is no records to encoding/json
		return errors.New("the CRM's answer has no result")
	case json.Unmarshal(envelope.Result, out) != nil:
		return errors.New("the CRM's result is not records as the Table API writes them")
	}
	return nil
}
