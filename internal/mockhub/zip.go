package mockhub

import (
	"compress/gzip"
	"net/http"
	"strings"
)

// zipped compresses answers for clients that take it, as the frontend's GzipFilter does.
func zipped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipper{ResponseWriter: w}
		next.ServeHTTP(z, r)
		z.close()
	})
}

// zipper compresses what is written through it. An answer without a body stays without one.
type zipper struct {
	http.ResponseWriter
	out    *gzip.Writer
	status int
}

// WriteHeader keeps the status until it is known whether there is a body.
func (z *zipper) WriteHeader(status int) {
	if z.status == 0 {
		z.status = status
	}
}

// Write compresses.
func (z *zipper) Write(data []byte) (int, error) {
	if z.out == nil {
		z.Header().Del("Content-Length")
		z.Header().Set("Content-Encoding", "gzip")
		z.Header().Add("Vary", "Accept-Encoding")
		z.start()
		z.out = gzip.NewWriter(z.ResponseWriter)
	}
	return z.out.Write(data)
}

func (z *zipper) start() {
	if z.status == 0 {
		z.status = http.StatusOK
	}
	z.ResponseWriter.WriteHeader(z.status)
}

// FlushError sends what there is.
func (z *zipper) FlushError() error {
	if z.out != nil {
		_ = z.out.Flush()
	}
	return http.NewResponseController(z.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection.
func (z *zipper) Unwrap() http.ResponseWriter { return z.ResponseWriter }

func (z *zipper) close() {
	if z.out != nil {
		_ = z.out.Close()
	} else if z.status != 0 {
		z.ResponseWriter.WriteHeader(z.status)
	}
}
