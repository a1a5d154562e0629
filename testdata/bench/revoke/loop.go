package revoke

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// LoopMode is the word by which the program becomes the plain loop.
const LoopMode = "loop"

// revokeOperation is the name of the operation that revokes a token.
const revokeOperation = "RevokeAccessToken"

// Loop revokes the tokens whose ids are in a file, one request after the other
// over one connection.
func Loop(args []string) error {
	url, file := args[0], args[1]
	ids, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for id := range strings.Lines(string(ids)) {
		if err := revoke(url, strings.TrimSpace(id)); err != nil {
			return err
		}
	}
	return nil
}

func revoke(url, id string) error {
	body, err := json.Marshal(map[string]any{
		"operationName": revokeOperation,
		"query":         "mutation " + revokeOperation + "($id: String!) { revokeAccessToken(tokenId: $id) }",
		"variables":     map[string]string{"id": id},
	})
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPost, url+"/api/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+os.Getenv("DATAHUB_GMS_TOKEN"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || !bytes.Contains(answer, []byte(`"revokeAccessToken":true`)) {
		return fmt.Errorf("%s is not revoked: %s (%v)", id, answer, err)
	}
	_, err = fmt.Printf("revoked\t%s\n", id)
	return err
}
