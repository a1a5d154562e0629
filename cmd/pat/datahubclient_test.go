package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"gopkg.in/yaml.v3"
)

// datahubClient stands for DataHub's Python client: `datahub ingest -c RECIPE`
// finds its server as that does, in the recipe's sink or in the environment,
// refuses what is not GMS, and says as whom it was let in. FAIL=1 lets the
// ingestion fail afterwards; UNWANTED is the SHA-256 of a token that must not be
// used.
func datahubClient() int {
	who, err := ingest(os.Args[1:])
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "datahub:", err)
		return 1
	case os.Getenv("FAIL") != "":
		fmt.Fprintln(os.Stderr, "datahub: failed as", who)
		return 1
	}
	fmt.Println("ingested as", who)
	return 0
}

// recipeSink is what a recipe says of where to.
type recipeSink struct {
	Sink struct {
		Type   string
		Config struct{ Server, Token string }
	}
}

func ingest(args []string) (who string, err error) {
	if len(args) != 3 || args[0] != "ingest" || args[1] != "-c" {
		return "", fmt.Errorf("usage: datahub ingest -c RECIPE, not %q", args)
	}
	text, err := os.ReadFile(args[2])
	if err != nil {
		return "", err
	}
	var recipe recipeSink
	if err := yaml.Unmarshal([]byte(os.ExpandEnv(string(text))), &recipe); err != nil {
		return "", err
	}
	server, token := recipe.Sink.Config.Server, recipe.Sink.Config.Token
	if recipe.Sink.Type == "" {
		if server, token, err = pairInEnvironment(); err != nil {
			return "", err
		}
	}
	if sum := sha256.Sum256([]byte(token)); hex.EncodeToString(sum[:]) == os.Getenv("UNWANTED") {
		return "", errors.New("the job uses the token that was only to make its own")
	}
	return meAtGMS(strings.TrimRight(server, "/"), token)
}

// pairInEnvironment reads the environment with the precedence of config_utils:
// a provider beats the token, and the port beats the URL.
func pairInEnvironment() (server, token string, err error) {
	if os.Getenv("DATAHUB_AUTH_TYPE") != "" {
		return "", "", errors.New("DATAHUB_AUTH_TYPE is set")
	}
	server, token = os.Getenv("DATAHUB_GMS_URL"), os.Getenv("DATAHUB_GMS_TOKEN")
	if port := os.Getenv("DATAHUB_GMS_PORT"); port != "" {
		server = "http://" + os.Getenv("DATAHUB_GMS_HOST") + ":" + port
	}
	if server == "" {
		return "", "", errors.New("no configuration was found in environment variables")
	}
	return server, token, nil
}

// meAtGMS asks who the token's bearer is, of what must be GMS.
func meAtGMS(server, token string) (string, error) {
	var config struct{ NoCode string }
	if err := call(http.MethodGet, server+"/config", token, nil, &config); err != nil {
		return "", err
	}
	if config.NoCode != "true" {
		return "", errors.New("You seem to have connected to the frontend service instead of the GMS endpoint")
	}
	var answer struct {
		Data struct {
			Me struct{ CorpUser struct{ Urn string } }
		}
	}
	err := call(http.MethodPost, server+"/api/graphql", token, []byte(`{"query": "{ me { corpUser { urn } } }"}`), &answer)
	return answer.Data.Me.CorpUser.Urn, err
}

func call(method, url, token string, body []byte, into any) error {
	request, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return json.Unmarshal(data, into)
}
