// Package datahub is DataHub's token API in pat's words: addresses, tokens,
// durations, URNs, and a [Client] that creates, lists and revokes.
//
// It knows the server and nothing of the machine pat runs on: no keyring, no
// files, no terminal. Every failure it returns is a [failure.Error] that keeps
// the server's own words.
package datahub
