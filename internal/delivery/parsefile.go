package delivery

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// modeOption is what may follow a path.
const modeOption = ",mode="

// The modes a file with a secret may have: its owner must be able to read it,
// its group may.
const (
	defaultMode  os.FileMode = 0o600
	requiredMode os.FileMode = 0o400
	allowedMode  os.FileMode = 0o640
)

// parseFile reads what follows file:.
func parseFile(argument string, o Options) (parsed, error) {
	path, mode, err := splitMode(argument)
	if err == nil {
		path, err = checkPath(path, o.Home)
	}
	if err != nil {
		return parsed{}, err
	}
	return parsed{&inFile{path: path, mode: mode, overwrite: o.Overwrite}, kindFile, kindFile + ":" + canonical(path)}, nil
}

// splitMode takes the mode off the end of a path. Only what ends the text is
// an option: a comma elsewhere is part of the path.
func splitMode(text string) (path string, mode os.FileMode, err error) {
	at := strings.LastIndex(text, modeOption)
	if at < 0 || strings.ContainsAny(text[at+len(modeOption):], ",/\\") {
		return text, defaultMode, nil
	}
	mode, err = parseMode(text[at+len(modeOption):])
	return text[:at], mode, err
}

// parseMode reads an octal mode and refuses those that a secret must not have.
func parseMode(text string) (os.FileMode, error) {
	bits, err := strconv.ParseUint(text, 8, 12)
	switch mode := os.FileMode(bits); {
	case err != nil || len(text) < 3 || len(text) > 4:
		return 0, misused("%s is not a file mode such as 0640", abridged(text))
	case mode&requiredMode == 0:
		return 0, misused("with mode %s nobody could read the file", text)
	case mode&^allowedMode != 0:
		return 0, misused("mode %s is too wide for a secret: at most 0640 is allowed", text)
	default:
		return mode, nil
	}
}

// checkPath refuses paths that cannot be files, and replaces a leading ~/.
func checkPath(path, home string) (string, error) {
	switch {
	case path == "":
		return "", misused("the destination file needs a path")
	case path == "-":
		return "", misused("file:- is a file named -: use stdout for standard output, file:./- for the file")
	case strings.ContainsRune(path, 0):
		return "", misused("the path of the destination file contains a zero byte")
	case os.IsPathSeparator(path[len(path)-1]):
		return "", misused("the path %s names a folder, not a file", path)
	case path[0] != '~' || len(path) < 2 || !os.IsPathSeparator(path[1]):
		return path, nil
	case home == "":
		return "", misused("what ~ stands for in %s is unknown here", path)
	}
	return filepath.Join(home, path[2:]), nil
}

// canonical is equal for two paths of the same file, as far as that can be
// told before it exists.
func canonical(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(absolute))
	if err != nil {
		return absolute
	}
	return filepath.Join(folder, filepath.Base(absolute))
}
