package keyringtest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
)

// exchange is how a typed password gets from the prompt to the daemon: a key
// agreed on by Diffie-Hellman in the 1536 bit group of RFC 3526, from which
// HKDF makes a key for AES-128-CBC. Messages are small key files.
type exchange struct {
	private *big.Int
	key     []byte // nil until the other side has said its public value
}

// group is the prime of that group; its generator is 2.
var group, _ = new(big.Int).SetString(
	"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"+
		"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"+
		"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"+
		"83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA237327FFFFFFFFFFFFFFFF", 16)

func newExchange() *exchange {
	private, err := rand.Int(rand.Reader, group)
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return &exchange{private: private}
}

// begin is the first message: the public value alone.
func (e *exchange) begin() string {
	public := new(big.Int).Exp(big.NewInt(2), e.private, group)
	return "[sx-aes-1]\npublic=" + base64.StdEncoding.EncodeToString(public.Bytes()) + "\n"
}

// receive takes the other side's public value.
func (e *exchange) receive(message string) error {
	for line := range strings.Lines(message) {
		text, found := strings.CutPrefix(strings.TrimSpace(line), "public=")
		if !found {
			continue
		}
		public, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return err
		}
		shared := new(big.Int).Exp(new(big.Int).SetBytes(public), e.private, group)
		// The daemon drops leading zeros of the shared value, so we must too.
		e.key, err = hkdf.Key(sha256.New, shared.Bytes(), nil, "", aes.BlockSize)
		return err
	}
	return errors.New("the message has no public value")
}

// send is the message that carries a secret.
func (e *exchange) send(secret string) string {
	block, err := aes.NewCipher(e.key)
	if err != nil {
		panic(err) // receive has made a key of the right length
	}
	iv := make([]byte, aes.BlockSize)
	_, _ = rand.Read(iv) // never fails
	pad := aes.BlockSize - len(secret)%aes.BlockSize
	text := append([]byte(secret), strings.Repeat(string(rune(pad)), pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	return e.begin() + "secret=" + base64.StdEncoding.EncodeToString(text) + "\niv=" + base64.StdEncoding.EncodeToString(iv) + "\n"
}
