package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

const (
	roleGRPC    = "grpc-plugin"
	grpcMethod  = "/bench.Stream/Read"
	grpcTrailer = "cpu-ns"
)

var handshake = plugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "SCOPELOG_BENCH", MagicCookieValue: "stream"}

// The messages that are compared, in bytes. gRPC takes its buffers from pools and clears them: what is just beyond 32 KiB
// gets a buffer of 1 MiB, which costs it as much as everything else together.
const (
	smallMessage = 32_000
	batchMessage = batch
)

// streamPlugin is a plugin whose only service is a stream of bytes.
type streamPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	message int64 // bytes of one
}

// streamServer is the service's only method.
type streamServer interface {
	read(*wrapperspb.Int64Value, grpc.ServerStream) error
}

var streamService = grpc.ServiceDesc{
	ServiceName: "bench.Stream", HandlerType: (*streamServer)(nil),
	Streams: []grpc.StreamDesc{{StreamName: "Read", ServerStreams: true, Handler: func(s any, stream grpc.ServerStream) error {
		total := new(wrapperspb.Int64Value)
		if err := stream.RecvMsg(total); err != nil {
			return err
		}
		return s.(streamServer).read(total, stream)
	}}},
}

func (p streamPlugin) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	s.RegisterService(&streamService, bytesSource{p})
	return nil
}

func (streamPlugin) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}

// bytesSource sends as many bytes as it is asked for.
type bytesSource struct{ streamPlugin }

func (b bytesSource) read(total *wrapperspb.Int64Value, stream grpc.ServerStream) error {
	before, err := measure.Self()
	if err != nil {
		return err
	}
	src := source()
	for sent := int64(0); sent < total.Value; {
		from := sent % sourceBytes
		piece := src[from:min(from+b.message, sourceBytes, from+total.Value-sent)]
		if err := stream.SendMsg(&wrapperspb.BytesValue{Value: piece}); err != nil {
			return err
		}
		sent += int64(len(piece))
	}
	after, err := measure.Self()
	if err != nil {
		return err
	}
	stream.SetTrailer(metadata.Pairs(grpcTrailer, strconv.FormatInt(int64(after-before), 10)))
	return nil
}

func grpcChild(args []string) error {
	var p streamPlugin
	if err := numbers(args, &p.message); err != nil {
		return err
	}
	plugin.Serve(&plugin.ServeConfig{HandshakeConfig: handshake, Plugins: plugin.PluginSet{"stream": p}, GRPCServer: plugin.DefaultGRPCServer})
	return nil
}

// moveThroughGRPC moves total bytes through a stream of gRPC from a go-plugin process, over its unix socket and without
// encryption, in messages of so many bytes.
func moveThroughGRPC(ctx context.Context, message, total int64) (moved, error) {
	self, err := os.Executable()
	if err != nil {
		return moved{}, err
	}
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: handshake, Plugins: plugin.PluginSet{"stream": streamPlugin{}}, Cmd: exec.Command(self, roleGRPC, fmt.Sprint(message)),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC}, Logger: hclog.NewNullLogger(),
	})
	defer client.Kill()
	protocol, err := client.Client()
	if err != nil {
		return moved{}, err
	}
	made, err := protocol.Dispense("stream")
	if err != nil {
		return moved{}, err
	}
	var stream grpc.ClientStream
	r := &reader{}
	wall, cpu, err := timed(func() error {
		stream, err = made.(*grpc.ClientConn).NewStream(ctx, &streamService.Streams[0], grpcMethod)
		if err == nil {
			err = stream.SendMsg(wrapperspb.Int64(total))
		}
		if err == nil {
			err = stream.CloseSend()
		}
		message := new(wrapperspb.BytesValue)
		for err == nil {
			if err = stream.RecvMsg(message); err == nil {
				r.read(message.Value)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	})
	if err != nil {
		return moved{}, err
	}
	told := stream.Trailer().Get(grpcTrailer)
	if len(told) != 1 {
		return moved{}, fmt.Errorf("the plugin does not tell its processor time: %v", told)
	}
	other, err := strconv.ParseInt(told[0], 10, 64)
	return moved{total, wall, cpu + time.Duration(other)}, errors.Join(err, r.check(total))
}
