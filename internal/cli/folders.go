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
	if folder, ok := w.Env("XDG_STATE_HOME"); ok && filepath.IsAbs(folder) {
		return filepath.Join(folder, "pat"), nil
	}
	if folder, ok := w.Env("LocalAppData"); ok && runtime.GOOS == "windows" && folder != "" {
		return filepath.Join(folder, "pat"), nil
	}
	home, err := w.home()
	if err != nil {
		return "", err
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", "pat"), nil
	}
	return filepath.Join(home, ".local", "state", "pat"), nil
}

// configFolder is where pat's own configuration is: XDG_CONFIG_HOME or the
// platform's own place.
func (w *world) configFolder() (string, error) {
	if folder, ok := w.Env("XDG_CONFIG_HOME"); ok && filepath.IsAbs(folder) {
		return filepath.Join(folder, "pat"), nil
	}
	if folder, ok := w.Env("AppData"); ok && runtime.GOOS == "windows" && folder != "" {
		return filepath.Join(folder, "pat"), nil
	}
	home, err := w.home()
	if err != nil {
		return "", err
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", "pat"), nil
	}
	return filepath.Join(home, ".config", "pat"), nil
}
