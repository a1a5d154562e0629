//go:build unix

package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/datahub-pat/pat/internal/config"
)

func TestFileThatOthersCanWrite(t *testing.T) {
	for _, mode := range []os.FileMode{0o620, 0o602, 0o666} {
		path := file(t, prod)
		ok(t, os.Chmod(path, mode))
		_, err := config.Load(path)
		refuses(t, err, "others can write to "+path)
		refuses(t, err, "chmod go-w "+path)
		refuses(t, config.Store{Path: path}.SetCurrent(t.Context(), "dev"), "others can write to "+path)
		says(t, path, prod)
	}
	for _, mode := range []os.FileMode{0o644, 0o600, 0o400} {
		path := file(t, prod)
		ok(t, os.Chmod(path, mode))
		_, err := config.Load(path)
		ok(t, err)
	}
}

func TestFolderThatOthersCanWrite(t *testing.T) {
	for _, mode := range []os.FileMode{0o770, 0o702, 0o777} {
		path := file(t, prod)
		folder := filepath.Dir(path)
		ok(t, os.Chmod(folder, mode))
		_, err := config.Load(path)
		refuses(t, err, "others can write to "+folder)
		ok(t, os.Remove(path))
		refuses(t, config.Store{Path: path}.Put(t.Context(), "p", wantProd), "others can write to "+folder)
	}
}

func TestLinkIntoAFolderThatOthersCanWrite(t *testing.T) {
	real := file(t, prod)
	link := filepath.Join(filepath.Dir(file(t, "")), "link.yaml")
	ok(t, os.Symlink(real, link))
	ok(t, os.Chmod(filepath.Dir(real), 0o770))
	_, err := config.Load(link)
	refuses(t, err, "others can write to "+filepath.Dir(real))
}

func TestFileOfSomebodyElse(t *testing.T) {
	path := file(t, prod)
	if os.Chown(path, 12345, -1) != nil {
		t.Skip("only root can give files away")
	}
	_, err := config.Load(path)
	refuses(t, err, "belongs to another user")
}

func TestUnreadableFile(t *testing.T) {
	path := file(t, prod)
	ok(t, os.Chmod(path, 0))
	if _, err := os.ReadFile(path); err == nil {
		t.Skip("root reads everything")
	}
	_, err := config.Load(path)
	refuses(t, err, "cannot be read")
}
