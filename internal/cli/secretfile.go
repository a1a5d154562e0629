package cli

import (
	"io"
	"os"
	"strings"
)

// readSecretFile is the text of a file that holds a token.
func readSecretFile(path string) (string, error) {
	const most = 64 << 10
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most))
	return strings.TrimSpace(string(text)), err
}
