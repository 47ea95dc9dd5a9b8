package rpc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// tlsName is the name in both certificates.
const tlsName = "scopelog"

// Keys holds the key and certificate of one side of a connection, and the certificate of the other, as PEM. Each
// start of a plugin has its own pair, and each certificate is the only one that the other side trusts.
type Keys struct {
	Key, Cert, Peer []byte
}

// newKeyPair makes the keys of host and plugin for one start.
func newKeyPair() (host, plug Keys, err error) {
	if host.Key, host.Cert, err = selfSigned(); err != nil {
		return Keys{}, Keys{}, err
	}
	if plug.Key, plug.Cert, err = selfSigned(); err != nil {
		return Keys{}, Keys{}, err
	}
	host.Peer, plug.Peer = plug.Cert, host.Cert
	return host, plug, nil
}

func selfSigned() (keyPEM, certPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make a TLS key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, nil, fmt.Errorf("make a TLS certificate: %w", err)
	}
	// Clocks of measuring computers jump, and a connection is made again when a host takes over: no date may ever
	// make the certificate invalid.
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: tlsName},
		DNSNames:              []string{tlsName},
		NotBefore:             time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, fmt.Errorf("make a TLS certificate: %w", err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("make a TLS key: %w", err)
	}
	keyPEM = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	certPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return keyPEM, certPEM, nil
}

// bundle is the text of the first datagram to a plugin: key, certificate, peer's certificate.
func (k Keys) bundle() []byte {
	out := append([]byte(nil), k.Key...)
	out = append(out, k.Cert...)
	return append(out, k.Peer...)
}

var errKeys = errors.New("TLS keys are not a key and two certificates")

// parseBundle reads what bundle wrote.
func parseBundle(b []byte) (Keys, error) {
	var k Keys
	for i, want := range []struct {
		kind string
		to   *[]byte
	}{{"PRIVATE KEY", &k.Key}, {"CERTIFICATE", &k.Cert}, {"CERTIFICATE", &k.Peer}} {
		block, rest := pem.Decode(b)
		if block == nil || block.Type != want.kind {
			return Keys{}, fmt.Errorf("part %d: %w", i+1, errKeys)
		}
		*want.to, b = pem.EncodeToMemory(block), rest
	}
	return k, nil
}

// config makes a TLS configuration for either side.
func (k Keys) config() (*tls.Config, error) {
	own, err := tls.X509KeyPair(k.Cert, k.Key)
	if err != nil {
		return nil, fmt.Errorf("read the TLS keys: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(k.Peer) {
		return nil, errKeys
	}
	return &tls.Config{
		Certificates: []tls.Certificate{own},
		RootCAs:      pool,
		ClientCAs:    pool,
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ServerName:   tlsName,
		MinVersion:   tls.VersionTLS13,
	}, nil
}
