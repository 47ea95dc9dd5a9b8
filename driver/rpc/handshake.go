package rpc

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// ProtocolVersion is the version of the wire protocol that this build speaks. It changes when older plugins break;
// additions change driver.ContractVersion instead.
const ProtocolVersion = 1

// ErrNotSupported says that plugins cannot be started or served on this system.
var ErrNotSupported = errors.New("driver plugins are not supported on this system yet")

// The variables that a host sets for a plugin, besides those of go-plugin.
const (
	cookieName  = "SCOPELOG_PLUGIN"
	cookieValue = "1c0d6e2a-scopelog-driver"
	// envHandover holds the number of the inherited socket, always 3.
	envHandover = "SCOPELOG_HANDOVER_FD"
	// envHost holds name and version of the host, for messages.
	envHost = "SCOPELOG_HOST"
	// envLogLevel holds the level from which on the host wants to see log lines.
	envLogLevel = "SCOPELOG_LOG_LEVEL"
	// envProtocols is go-plugin's list of the protocol versions that the host speaks.
	envProtocols = "PLUGIN_PROTOCOL_VERSIONS"
)

// IsHandshakeVariable tells whether an environment variable belongs to the start of one plugin and must not be
// passed on to another.
func IsHandshakeVariable(name string) bool {
	return slices.Contains([]string{cookieName, envHandover, envHost, envLogLevel}, name) || strings.HasPrefix(name, "PLUGIN_")
}

const (
	pluginName     = "driver"
	handoverFD     = 3
	exitRefused    = 3        // of a plugin that speaks no protocol version of the host
	maxRequest     = 16 << 20 // bytes of a call's request: arbitrary waves are the largest
	maxAnswer      = 1 << 20  // bytes of an answer: read into values, a hostile one grows a hundred times
	refusedMarker  = "scopelog_refused"
	refusedVersion = "protocol"
)

func handshake() plugin.HandshakeConfig {
	return plugin.HandshakeConfig{ProtocolVersion: ProtocolVersion, MagicCookieKey: cookieName, MagicCookieValue: cookieValue}
}

// Program names one side, for messages.
type Program struct {
	Name    string // "scopelog", "ps5000a"
	Version string // product version
}

// String returns "name version".
func (p Program) String() string {
	return strings.TrimSpace(p.Name + " " + p.Version)
}

func parseProgram(s string) Program {
	name, version, _ := strings.Cut(s, " ")
	if name == "" {
		name = "the host"
	}
	return Program{Name: name, Version: version}
}

// parseVersions reads a list such as "1,2". Entries that are no numbers are left out.
func parseVersions(s string) []int {
	var out []int
	for _, f := range strings.Split(s, ",") {
		if n, err := strconv.Atoi(strings.TrimSpace(f)); err == nil {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// versionText prints sorted versions as "1", "1-3" or "1, 4".
func versionText(v []int) string {
	if len(v) == 0 {
		return "none"
	}
	if n := len(v); n > 1 && v[n-1]-v[0] == n-1 {
		return strconv.Itoa(v[0]) + "-" + strconv.Itoa(v[n-1])
	}
	var b strings.Builder
	for i, n := range v {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// wirePlugin is what go-plugin wants to know about our services. The broker is not used.
type wirePlugin struct {
	plugin.NetRPCUnsupportedPlugin
	serve *server // plugin side only
}

var _ plugin.GRPCPlugin = (*wirePlugin)(nil)

func (w *wirePlugin) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	driverpb.RegisterIdentityServer(s, w.serve)
	driverpb.RegisterDriverServer(s, w.serve)
	return nil
}

func (w *wirePlugin) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return wireClients{conn: conn, identity: driverpb.NewIdentityClient(conn), driver: driverpb.NewDriverClient(conn)}, nil
}

// wireClients are the two services as a host sees them.
type wireClients struct {
	conn     *grpc.ClientConn
	identity driverpb.IdentityClient
	driver   driverpb.DriverClient
}

// contractVersions is what this build speaks.
func contractVersions() (low, high int) { return 1, driver.ContractVersion }

// shareContract tells whether two ranges of contract versions overlap.
func shareContract(low, high int) bool {
	ourLow, ourHigh := contractVersions()
	return low <= high && low <= ourHigh && high >= ourLow
}
