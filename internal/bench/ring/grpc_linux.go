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

// streamPlugin is a plugin whose only service is a stream of bytes, in messages of one batch.
type streamPlugin struct{ plugin.NetRPCUnsupportedPlugin }

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

func (streamPlugin) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	s.RegisterService(&streamService, bytesSource{})
	return nil
}

func (streamPlugin) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}

// bytesSource sends as many bytes as it is asked for.
type bytesSource struct{}

func (bytesSource) read(total *wrapperspb.Int64Value, stream grpc.ServerStream) error {
	before, err := measure.Self()
	if err != nil {
		return err
	}
	src := source()
	for sent := int64(0); sent < total.Value; sent += batch {
		from := sent % sourceBytes
		if err := stream.SendMsg(&wrapperspb.BytesValue{Value: src[from : from+batch]}); err != nil {
			return err
		}
	}
	after, err := measure.Self()
	if err != nil {
		return err
	}
	stream.SetTrailer(metadata.Pairs(grpcTrailer, strconv.FormatInt(int64(after-before), 10)))
	return nil
}

func grpcChild([]string) error {
	plugin.Serve(&plugin.ServeConfig{HandshakeConfig: handshake, Plugins: plugin.PluginSet{"stream": streamPlugin{}}, GRPCServer: plugin.DefaultGRPCServer})
	return nil
}

// moveThroughGRPC moves total bytes through a stream of gRPC from a go-plugin process, over its unix socket and without
// encryption.
func moveThroughGRPC(ctx context.Context, total int64) (moved, error) {
	self, err := os.Executable()
	if err != nil {
		return moved{}, err
	}
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: handshake, Plugins: plugin.PluginSet{"stream": streamPlugin{}}, Cmd: exec.Command(self, roleGRPC),
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
