package datahub

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/Khan/genqlient/graphql"
	fastjson "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/datahub-pat/pat/internal/transport"
)

// wire puts requests into JSON and answers out of it, each in one go: genqlient's
// own client goes through a large answer twice, and the transport has to look at
// it before.
type wire struct {
	carrier  *transport.Transport
	endpoint string
}

// MakeRequest sends the request once. What the server refuses with is returned
// as genqlient does.
func (w wire) MakeRequest(ctx context.Context, req *graphql.Request, resp *graphql.Response) error {
	body, err := json.Marshal(req)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	err = w.carrier.Do(request, func(body []byte) (bool, error) { return readAnswer(body, resp) })
	if err == nil && len(resp.Errors) > 0 {
		return resp.Errors
	}
	return err
}

// lenient reads what encoding/json reads: one name that is no UTF-8 does not spoil
// a list.
var lenient = fastjson.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// readAnswer puts an answer into resp. It is certain that it is one where there
// are data or errors; where data are null, it could as well be something else.
func readAnswer(body []byte, resp *graphql.Response) (certain bool, err error) {
	// Behind one pointer more the data show whether they were there.
	data := reflect.New(reflect.TypeOf(resp.Data))
	answer := graphql.Response{Data: data.Interface()}
	if err := fastjson.Unmarshal(body, &answer, lenient); err != nil || slices.Contains(answer.Errors, nil) {
		return false, err
	}
	there := !data.Elem().IsNil()
	if there {
		reflect.ValueOf(resp.Data).Elem().Set(data.Elem().Elem())
	}
	resp.Extensions, resp.Errors = answer.Extensions, answer.Errors
	return there || len(resp.Errors) > 0, nil
}

// replacement stands where a text was no UTF-8.
const replacement = string(utf8.RuneError)

// intact makes sure of texts that mean something else when a byte of them is
// lost: ids, users and secrets. In names and the like it does not matter.
func intact(texts ...string) error {
	for _, text := range texts {
		if strings.Contains(text, replacement) {
			return &transport.Fault{Reason: transport.CutOff, Sent: true, Status: http.StatusOK, Detail: "the answer is damaged: it is not UTF-8"}
		}
	}
	return nil
}
