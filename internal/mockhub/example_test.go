package mockhub_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// run stands for the test that a hub belongs to; in a test it is the *testing.T.
type run struct{ ends []func() }

func (r *run) Helper()                           {}
func (r *run) Cleanup(end func())                { r.ends = append(r.ends, end) }
func (r *run) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (r *run) end() {
	for _, end := range r.ends {
		end()
	}
}

// post asks a hub, as any client may.
func post(url, secret, query string) (status int, answer string) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return 0, err.Error()
	}
	request, err := http.NewRequest(http.MethodPost, url+"/api/graphql", bytes.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	var text bytes.Buffer
	_, _ = text.ReadFrom(response.Body)
	return response.StatusCode, text.String()
}

// A test starts a hub in a line and asks it as any client would.
func ExampleStart() {
	t := &run{}
	defer t.end()

	hub := mockhub.Start(t, mockhub.Options{Release: "1.3"})
	secret, _ := hub.Issue("jdoe", "ci", time.Hour)

	_, answer := post(hub.GMSURL, secret, `{ me { corpUser { urn } } }`)
	fmt.Println(answer)
	// Output: {"data":{"me":{"corpUser":{"urn":"urn:li:corpuser:jdoe"}}},"extensions":{}}
}

// The clock moves when the test says so: here until a token has ended.
func ExampleHub_Advance() {
	t := &run{}
	defer t.end()

	hub := mockhub.Start(t, mockhub.Options{})
	secret, _ := hub.Issue("jdoe", "ci", time.Hour)
	for range 2 {
		status, _ := post(hub.GMSURL, secret, `{ me { corpUser { urn } } }`)
		fmt.Println(status)
		hub.Advance(2 * time.Hour)
	}
	// Output:
	// 200
	// 401
}

// A fault takes the answer away when the operation was executed: what a client must not take for a failure.
func ExampleHub_Inject() {
	t := &run{}
	defer t.end()

	hub := mockhub.Start(t, mockhub.Options{})
	secret, id := hub.Issue("jdoe", "ci", time.Hour)
	fault, err := mockhub.ParseFault("revokeAccessToken:status=502,after=true")
	if err != nil {
		fmt.Println(err)
	}
	hub.Inject(fault)

	status, _ := post(hub.GMSURL, secret, `mutation { revokeAccessToken(tokenId: "`+id+`") }`)
	fmt.Println("revoking:", status)
	status, _ = post(hub.GMSURL, secret, `{ me { corpUser { urn } } }`)
	fmt.Println("the token afterwards:", status)
	// Output:
	// revoking: 502
	// the token afterwards: 401
}

// The journal has every request, without secrets.
func ExampleHub_Journal() {
	t := &run{}
	defer t.end()

	hub := mockhub.Start(t, mockhub.Options{})
	secret, _ := hub.Issue("jdoe", "ci", time.Hour)
	post(hub.GMSURL, secret, `query WhoAmI { me { corpUser { urn } } }`)

	for _, request := range hub.Journal() {
		fmt.Println(request.Method, request.Path, request.Operation, request.Name, request.Status, request.Actor)
	}
	// Output: POST /api/graphql me WhoAmI 200 urn:li:corpuser:jdoe
}

// Without a network a hub is a pair of handlers.
func ExampleOpen() {
	hub, err := mockhub.Open(mockhub.Options{Release: "0.10"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer hub.Close()

	answer := httptest.NewRecorder()
	hub.Frontend().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/health", nil))
	fmt.Println(answer.Code, answer.Body)
	// Output: 200 GOOD
}

func ExampleParseFault() {
	fault, err := mockhub.ParseFault("createAccessToken:reset-after,skip=1")
	fmt.Println(fault.Operation, fault.Kind, fault.Skip, err)
	_, err = mockhub.ParseFault("delay=soon")
	fmt.Println(err)
	// Output:
	// createAccessToken reset-after 1 <nil>
	// fault "delay=soon": time: invalid duration "soon"
}
