// Command grpcpeer is a server and a client of grpc-go, for tests of what stands between them.
//
//	grpcpeer serve           serves on a free port of the loopback, which it prints, until its standard input ends
//	grpcpeer call ADDRESS    makes a call of each kind, and prints a line for what became of it
//	grpcpeer once ADDRESS    makes one call, and prints how it ended and what it was told with it
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	large    = 3 << 20
	many     = 1000
	patience = time.Minute
)

// bytesCodec sends messages as they are: the wire is what is tested, not protobuf.
type bytesCodec struct{}

func (bytesCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }

func (bytesCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = bytes.Clone(data)
	return nil
}

func (bytesCodec) Name() string { return "bytes" }

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 1 && args[0] == "serve" {
		return serve()
	}
	if len(args) != 2 || (args[0] != "call" && args[0] != "once") {
		return errors.New("usage: grpcpeer serve | call ADDRESS | once ADDRESS")
	}
	connection, err := grpc.NewClient("passthrough:///"+args[1],
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(bytesCodec{})))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if args[0] == "once" {
		return once(ctx, connection)
	}
	return callAll(ctx, connection)
}

var abandoned atomic.Int64

func serve() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.ForceServerCodec(bytesCodec{}), grpc.UnknownServiceHandler(handle))
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	return server.Serve(listener)
}

func handle(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	switch method {
	case "/peer/Echo":
		return echo(stream)
	case "/peer/Upload":
		return upload(stream)
	case "/peer/Download":
		return download(stream)
	case "/peer/Fail":
		return status.Error(codes.NotFound, "no such thing: grüße")
	case "/peer/FailLate":
		if err := stream.SendMsg(message("one")); err != nil {
			return err
		}
		return status.Error(codes.Aborted, "half way")
	case "/peer/Wait":
		<-stream.Context().Done()
		abandoned.Add(1)
		return stream.Context().Err()
	case "/peer/Abandoned":
		return stream.SendMsg(message(strconv.FormatInt(abandoned.Load(), 10)))
	}
	return status.Error(codes.Unimplemented, method)
}

func message(text string) *[]byte {
	data := []byte(text)
	return &data
}

// echo answers each message with the same, and tells a header and a trailer.
func echo(stream grpc.ServerStream) error {
	if err := stream.SendHeader(metadata.Pairs("peer-header", "h")); err != nil {
		return err
	}
	stream.SetTrailer(metadata.Pairs("peer-trailer", "t", "peer-bin", "\x00\xff"))
	for {
		var got []byte
		if err := stream.RecvMsg(&got); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := stream.SendMsg(&got); err != nil {
			return err
		}
	}
}

func upload(stream grpc.ServerStream) error {
	total := 0
	for {
		var got []byte
		if err := stream.RecvMsg(&got); err == io.EOF {
			return stream.SendMsg(message(strconv.Itoa(total)))
		} else if err != nil {
			return err
		}
		total += len(got)
	}
}

func download(stream grpc.ServerStream) error {
	for i := range many {
		if err := stream.SendMsg(message(fmt.Sprintf("%d %s", i, bytes.Repeat([]byte("x"), 4000)))); err != nil {
			return err
		}
	}
	return nil
}

func callAll(ctx context.Context, connection *grpc.ClientConn) error {
	calls := []struct {
		name string
		call func(context.Context, *grpc.ClientConn) (string, error)
	}{
		{"unary", unary},
		{"large message", largeMessage},
		{"client streams", clientStreams},
		{"server streams", serverStreams},
		{"both stream", bothStream},
		{"trailers only", trailersOnly},
		{"failure half way", failureHalfWay},
		{"unknown method", unknownMethod},
		{"deadline", deadline},
		{"many at a time", manyAtATime},
	}
	for _, each := range calls {
		result, err := each.call(ctx, connection)
		if err != nil {
			result = "FAILED: " + err.Error()
		}
		fmt.Printf("%s: %s\n", each.name, result)
	}
	return nil
}

func unary(ctx context.Context, connection *grpc.ClientConn) (string, error) {
	var header, trailer metadata.MD
	var got []byte
	err := connection.Invoke(ctx, "/peer/Echo", message("hello"), &got, grpc.Header(&header), grpc.Trailer(&trailer))
	return fmt.Sprintf("%s %v %v %x", got, header.Get("peer-header"), trailer.Get("peer-trailer"), trailer.Get("peer-bin")), err
}

func largeMessage(ctx context.Context, connection *grpc.ClientConn) (string, error) {
	sent := bytes.Repeat([]byte("0123456789abcdef"), large/16)
	var got []byte
	err := connection.Invoke(ctx, "/peer/Echo", &sent, &got)
	return fmt.Sprint(len(got), " bytes, the same: ", bytes.Equal(sent, got)), err
}

func open(ctx context.Context, connection *grpc.ClientConn, method string) (grpc.ClientStream, error) {
	return connection.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method)
}

func clientStreams(ctx context.Context, connection *grpc.ClientConn) (string, error) {
	stream, err := open(ctx, connection, "/peer/Upload")
	if err != nil {
		return "", err
	}
	for range many {
		if err := stream.SendMsg(message("0123456789")); err != nil {
			return "", err
		}
	}
	stream.CloseSend()
	var got []byte
	err = stream.RecvMsg(&got)
	return string(got) + " bytes", err
}

func serverStreams(ctx context.Context, connection *grpc.ClientConn) (string, error) {
	stream, err := open(ctx, connection, "/peer/Download")
	if err != nil {
		return "", err
	}
	stream.CloseSend()
	for count := 0; ; count++ {
		var got []byte
		if err := stream.RecvMsg(&got); err == io.EOF {
			return fmt.Sprint(count, " messages in order"), nil
		} else if err != nil {
			return "", err
		}
		if !bytes.HasPrefix(got, []byte(strconv.Itoa(count)+" ")) {
			return "", fmt.Errorf("message %d is %.10s", count, got)
		}
	}
}

func bothStream(ctx context.Context, connection *grpc.ClientConn) (string, error) {
	stream, err := open(ctx, connection, "/peer/Echo")
	if err != nil {
		return "", err
	}
	turns := 0
	for ; turns < 100; turns++ {
		if err := stream.SendMsg(message("ping")); err != nil {
			return "", err
		}
		var got []byte
		if err := stream.RecvMsg(&got); err != nil {
			return "", err
		}
	}
	stream.CloseSend()
	var end []byte
	if err := stream.RecvMsg(&end); err != io.EOF {
		return "", fmt.Errorf("no end: %v", err)
	}
	return fmt.Sprint(turns, " turns, then the end, trailer ", stream.Trailer().Get("peer-trailer")), nil
}

func ended(err error) string {
	return fmt.Sprintf("%s %q", status.Code(err), status.Convert(err).Message())
}

func trailersOnly(ctx context.Context, connection *grpc.ClientConn) (string, error) {
	var got []byte
	return ended(connection.Invoke(ctx, "/peer/Fail", message(""), &got)), nil
}

func failureHalfWay(ctx context.Context, connection *grpc.ClientConn) (string, error) {
	stream, err := open(ctx, connection, "/peer/FailLate")
	if err != nil {
		return "", err
	}
	stream.CloseSend()
	var got, none []byte
	if err := stream.RecvMsg(&got); err != nil {
		return "", err
	}
	return string(got) + ", then " + ended(stream.RecvMsg(&none)), nil
}

func unknownMethod(ctx context.Context, connection *grpc.ClientConn) (string, error) {
	var got []byte
	return ended(connection.Invoke(ctx, "/peer/Unknown", message(""), &got)), nil
}

// deadline waits for a call that outlives it, and for the server to hear of it.
func deadline(ctx context.Context, connection *grpc.ClientConn) (string, error) {
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	var before, now, none []byte
	if err := connection.Invoke(ctx, "/peer/Abandoned", message(""), &before); err != nil {
		return "", err
	}
	code := status.Code(connection.Invoke(short, "/peer/Wait", message(""), &none))
	for {
		if err := connection.Invoke(ctx, "/peer/Abandoned", message(""), &now); err != nil {
			return "", err
		}
		if !bytes.Equal(now, before) {
			return fmt.Sprint(code, ", and the server knows"), nil
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func manyAtATime(ctx context.Context, connection *grpc.ClientConn) (string, error) {
	failures := make(chan error)
	for range 300 {
		go func() {
			var got []byte
			failures <- connection.Invoke(ctx, "/peer/Echo", message("hello"), &got)
		}()
	}
	for range 300 {
		if err := <-failures; err != nil {
			return "", err
		}
	}
	return "300 served", nil
}

func once(ctx context.Context, connection *grpc.ClientConn) error {
	var header, trailer metadata.MD
	var got []byte
	err := connection.Invoke(ctx, "/peer/Echo", message("hello"), &got, grpc.Header(&header), grpc.Trailer(&trailer))
	told := metadata.Join(header, trailer)
	fmt.Println(ended(err), told.Get("grpc-retry-pushback-ms"), told.Get("ratelimit"))
	return nil
}
