// Says in X-Seen what it has read: method, target and body in hexadecimal digits.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {
	handler := http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err == nil {
			answer.Header().Set("X-Seen", strings.TrimSpace(fmt.Sprintf("%s %s %x", request.Method, request.RequestURI, body)))
			answer.Header().Set("Content-Length", "0")
		}
	})
	fmt.Fprintln(os.Stderr, http.ListenAndServe("127.0.0.1:"+os.Args[1], handler))
	os.Exit(1)
}
