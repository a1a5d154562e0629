package keyring

import "time"

// Vault lets tests stand in for the system's keyring.
type Vault = vault

// NewWith is a keyring on v.
func NewWith(o Options, v Vault) *Keyring { return newKeyring(o, v) }

// NoticeAt makes k tell a waiting person after d.
func (k *Keyring) NoticeAt(d time.Duration) { k.noticeAfter = d }

// Fits is the check of an entry's size on a system.
func Fits(goos, account, text string) error { return fits(goos, account, text) }

// Seal and Unseal are how entries become text and back.
var (
	Seal   = seal
	Unseal = unseal
)

// LimitOf is how long an operation may take.
func (k *Keyring) LimitOf() time.Duration { return k.limit }

// LockLimit has k wait for the index no longer than d.
func (k *Keyring) LockLimit(d time.Duration) { k.index.limit = d }

// Asking says whether the keyring's own prompt has been shown.
func (k *Keyring) Asking() bool { return k.asking.Load() }
