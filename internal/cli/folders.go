package cli

import (
	"path/filepath"
	"runtime"

	"github.com/datahub-pat/pat/internal/failure"
)

// home is the user's home folder.
func (w *world) home() (string, error) {
	name := "HOME"
	if runtime.GOOS == "windows" {
		name = "USERPROFILE"
	}
	if home, ok := w.Env(name); ok && home != "" {
		return home, nil
	}
	return "", failure.New(failure.Other, "there is no home folder: %s is not set", name).WithHint("set %s", name)
}

// stateFolder is where pat keeps what is not for people to edit: XDG_STATE_HOME
// or the platform's own place.
func (w *world) stateFolder() (string, error) {
	return w.ownFolder("XDG_STATE_HOME", "LocalAppData", ".local", "state")
}

// configFolder is where pat's own configuration is: XDG_CONFIG_HOME or the
// platform's own place.
func (w *world) configFolder() (string, error) {
	return w.ownFolder("XDG_CONFIG_HOME", "AppData", ".config")
}

// ownFolder is pat's folder in the one that the variable names; else in that of
// Windows, of macOS, or the one below the home folder that others use.
func (w *world) ownFolder(xdg, windows string, below ...string) (string, error) {
	if folder, ok := w.Env(xdg); ok && filepath.IsAbs(folder) {
		return filepath.Join(folder, "pat"), nil
	}
	if folder, ok := w.Env(windows); ok && runtime.GOOS == "windows" && folder != "" {
		return filepath.Join(folder, "pat"), nil
	}
	home, err := w.home()
	if err != nil {
		return "", err
	}
	if runtime.GOOS == "darwin" {
		below = []string{"Library", "Application Support"}
	}
	return filepath.Join(home, filepath.Join(below...), "pat"), nil
}
