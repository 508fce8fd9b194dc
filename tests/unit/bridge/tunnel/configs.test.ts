import { describe, expect, test } from 'vitest'

import { tunnelStartSchema, type TunnelStart } from '../../../../docker/bridge/api/start.ts'
import { efsProxyConfig } from '../../../../docker/bridge/tunnel/efs-proxy/config.ts'
import { efsProxy } from '../../../../docker/bridge/tunnel/efs-proxy/efs-proxy.ts'
import { stunnelConfig } from '../../../../docker/bridge/tunnel/stunnel/config.ts'
import type { TunnelFiles } from '../../../../docker/bridge/tunnel/tunnel-program.ts'

const files: TunnelFiles = {
  configPath: '/run/mountbar/tunnel.conf',
  certificatePath: '/run/mountbar/certificate.pem',
  privateKeyPath: '/run/mountbar/private-key.pem',
  caPath: '/run/mountbar/ca.pem',
  pidPath: '/run/mountbar/tunnel.pid',
}

function startTo(host: string): TunnelStart {
  return tunnelStartSchema.parse({
    role: 'tunnel',
    token: '0'.repeat(64),
    fileSystemId: 'fs-0123456789abcdef0',
    region: 'eu-central-1',
    connect: { host, port: 2049 },
    tlsName: 'fs-0123456789abcdef0.s3files.eu-central-1.on.aws',
    identity: { certificatePem: 'CERTIFICATE', privateKeyPem: 'PRIVATE KEY', expiresAtMs: 1 },
  })
}

describe('the configuration of efs-proxy', () => {
  test('has the keys that AWS writes, and logs to stdout', () => {
    expect(efsProxyConfig(startTo('nlb.example.com'), files, 20_490)).toBe(`fips = no
debug = info
log_format = stdout
pid = /run/mountbar/tunnel.pid

[efs]
accept = 127.0.0.1:20490
connect = nlb.example.com:2049
cert = /run/mountbar/certificate.pem
key = /run/mountbar/private-key.pem
CAfile = /run/mountbar/ca.pem
checkHost = fs-0123456789abcdef0.s3files.eu-central-1.on.aws
retry_nfs_mount_command_timeout_sec = 60
proxy_logging_level = INFO
fs_id = fs-0123456789abcdef0
region = eu-central-1
cloud_watch_metrics = false
cloud_watch_logs = false
`)
  })

  test('tells an IPv6 address from its port', () => {
    expect(efsProxyConfig(startTo('2001:db8::1'), files, 20_490)).toContain(
      '\nconnect = [2001:db8::1]:2049\n',
    )
  })

  test('asks for no read bypass, which would need credentials', () => {
    expect(efsProxy.args('/run/mountbar/tunnel.conf')).toEqual([
      '/run/mountbar/tunnel.conf',
      '--tls',
      '--no-direct-s3-read',
    ])
  })
})

describe('the configuration of stunnel', () => {
  test('makes the same connection', () => {
    expect(stunnelConfig(startTo('10.0.0.7'), files, 20_490)).toBe(`foreground = yes
pid =
debug = info
socket = l:TCP_NODELAY=1
socket = r:TCP_NODELAY=1

[nfs]
client = yes
accept = 127.0.0.1:20490
connect = 10.0.0.7:2049
cert = /run/mountbar/certificate.pem
key = /run/mountbar/private-key.pem
CAfile = /run/mountbar/ca.pem
verifyChain = yes
checkHost = fs-0123456789abcdef0.s3files.eu-central-1.on.aws
sni = fs-0123456789abcdef0.s3files.eu-central-1.on.aws
TIMEOUTconnect = 10
`)
  })
})

describe('what is secret', () => {
  test.each([
    ['efs-proxy', efsProxyConfig],
    ['stunnel', stunnelConfig],
  ])('stays out of the configuration of %s', (_, config) => {
    const text = config(startTo('10.0.0.7'), files, 20_490)
    expect(text).not.toMatch(/CERTIFICATE|PRIVATE KEY|0000/)
  })
})
