import { describe, expect, test } from 'vitest'

import { readEfsProxyLine } from '../../../../docker/bridge/tunnel/efs-proxy/log-lines.ts'
import { readStunnelLine } from '../../../../docker/bridge/tunnel/stunnel/log-lines.ts'

const proxy = (level: string, text: string): string =>
  `2026-01-01T10:00:00.123Z 17 ${level} efs_proxy::controller ${text}`
const notReached = 'Failed to establish an initial connection to EFS. Error: '

describe('what efs-proxy says', () => {
  test.each([
    [proxy('WARN', `${notReached}Connect attempt failed - Timeout`), 'server-unreachable'],
    [proxy('WARN', `${notReached}Certificate is untrusted`), 'server-untrusted'],
    [proxy('WARN', `${notReached}Hostname does not match the certificate`), 'server-name-wrong'],
    [proxy('WARN', `${notReached}TLS alert received`), 'server-untrusted'],
    [
      proxy('WARN', `${notReached}failed to lookup address information: Name or service not known`),
      'server-unresolved',
    ],
    [proxy('WARN', `${notReached}Connection refused (os error 111)`), 'server-refused'],
    [proxy('WARN', `${notReached}Connection reset by peer (os error 104)`), 'server-closed'],
    [proxy('WARN', `${notReached}No route to host (os error 113)`), 'server-unreachable'],
    [proxy('WARN', `${notReached}something nobody has seen yet`), 'server-unreachable'],
    ['Failed to bind 127.0.0.1:20490', 'tunnel-port-taken'],
    [
      'Failed to obtain TLS config:Error in TlsConfig::new. Unable to read the client certificate file.',
      'tunnel-identity-unreadable',
    ],
    ['Failed to acquire TLS config. No such file or directory', 'tunnel-identity-unreadable'],
    [
      'Error in create_tls_connector. Failed to load the client certificate and private key.',
      'tunnel-identity-unreadable',
    ],
    ['Failed to read configuration. missing field `accept`', 'tunnel-exited'],
    ["thread 'main' panicked at src/controller.rs:92:13:", 'tunnel-exited'],
    [proxy('ERROR', 'Shutting down. Ok(Some(FrameSizeExceeded))'), 'tunnel-exited'],
    [proxy('ERROR', 'Proxy shutdown failed. deadline has elapsed'), 'tunnel-exited'],
  ])('%s: %s', (line, error) => {
    expect(readEfsProxyLine(line).error).toBe(error)
  })

  test.each([
    proxy('WARN', 'EFS RPC call errored while establishing connection. Error rpc accept_stat: PROG_UNAVAIL'),
    proxy('INFO', 'Proxy performance: PerformanceStats { num_connections: 1 }'),
  ])('%s: it is connected', (line) => {
    expect(readEfsProxyLine(line)).toMatchObject({ isConnected: true })
    expect(readEfsProxyLine(line).error).toBeUndefined()
  })

  test.each([
    [proxy('INFO', 'Starting new incarnation of proxy'), { level: 'info' }],
    [
      proxy('INFO', 'Running with configuration: ca_file: "/etc/amazon/efs/efs-utils.crt"'),
      { level: 'info' },
    ],
    [proxy('WARN', 'Unexpected connection, ignoring'), { level: 'debug', isNoise: true }],
    ['something without a head', { level: 'info' }],
  ])('%s: nothing is wrong', (line, meaning) => {
    expect(readEfsProxyLine(line)).toEqual(meaning)
  })
})

const log = (level: number, text: string): string => `2026.01.01 10:00:00 LOG${level}[0]: ${text}`

describe('what stunnel says', () => {
  test.each([
    [log(4, 'CERT: Pre-verification error: self-signed certificate'), 'server-untrusted'],
    [log(4, 'CERT: Pre-verification error: certificate has expired'), 'server-untrusted'],
    [log(4, 'CERT: Subject checks failed'), 'server-name-wrong'],
    [log(3, 's_connect: connect 127.0.0.1:1: Connection refused (111)'), 'server-refused'],
    [log(3, 's_connect: connect 10.0.0.1:2049: No route to host (113)'), 'server-unreachable'],
    [log(3, 's_connect: s_poll_wait 10.0.0.1:2049: TIMEOUTconnect exceeded'), 'server-unreachable'],
    [
      log(3, 'Error resolving "nosuch.invalid": Neither nodename nor servname known (EAI_NONAME)'),
      'server-unresolved',
    ],
    [log(3, 'No remote host resolved'), 'server-unresolved'],
    [log(3, 'SSL_connect: Connection reset by peer (104)'), 'server-closed'],
    [log(3, 'SSL_connect: Peer suddenly disconnected'), 'server-closed'],
    [log(3, 'SSL_connect: ssl/record/rec_layer_s3.c:1586: error:0A000410:tls alert'), 'server-untrusted'],
    ['[!] bind: Address already in use (98)', 'tunnel-port-taken'],
    ['[!] Service [nfs]: Failed to initialize TLS context', 'tunnel-identity-unreadable'],
  ])('%s: %s', (line, error) => {
    expect(readStunnelLine(line).error).toBe(error)
  })

  test('the sentence after a rejected certificate does not hide why it was rejected', () => {
    const line = log(
      3,
      'SSL_connect: statem_clnt.c:1889: error:0A000086:SSL routines::certificate verify failed',
    )
    expect(readStunnelLine(line)).toEqual({ level: 'error' })
  })

  test.each([
    [log(6, 'TLS connected: new session negotiated'), { isConnected: true }],
    [log(5, 'Configuration successful'), { hasReloaded: true }],
    ['[.] Configuration successful', { hasReloaded: true }],
    [log(6, 'Session id: 3A2F2189'), { isNoise: true }],
    [log(5, 'Service [nfs] accepted connection from 127.0.0.1:39736'), { level: 'info' }],
  ])('%s', (line, meaning) => {
    expect(readStunnelLine(line)).toMatchObject(meaning)
    expect(readStunnelLine(line).error).toBeUndefined()
  })
})
