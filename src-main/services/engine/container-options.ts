import type { ContainerNetwork, ContainerSpec } from './container-spec.ts'

/** A bridge's own log is for the moment after a crash; two small files of it are plenty. */
const logConfig = { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } }

/** By this name a container reaches servers on this machine: forwarded ports, and the stand-ins of tests. */
const hostAlias = 'host.docker.internal:host-gateway'

/** What the engine's API is told, with the smallest rights that work. Nothing secret is in it: anyone who may ask the engine can read it. */
export function containerOptions(spec: ContainerSpec) {
  return {
    name: spec.name,
    Image: spec.image,
    Cmd: [...spec.command],
    User: spec.user,
    Env: [],
    Labels: { ...spec.labels },
    // Its stdin is attached once; when whoever did it dies the engine closes it, and the container ends.
    AttachStdin: true,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdout: false,
    AttachStderr: false,
    Tty: false,
    StopTimeout: spec.stopTimeoutSeconds,
    ...networkOptions(spec.network),
    HostConfig: {
      CapDrop: ['ALL'],
      CapAdd: [...spec.capabilities],
      SecurityOpt: ['no-new-privileges', ...(spec.isConfinedByAppArmor ? [] : ['apparmor=unconfined'])],
      Privileged: false,
      ReadonlyRootfs: true,
      Tmpfs: { ...spec.tmpfs },
      Memory: spec.memoryBytes,
      PidsLimit: spec.maxProcesses,
      LogConfig: logConfig,
      Init: true,
      RestartPolicy: { Name: 'no' },
      ...hostNetworkOptions(spec.network),
    },
  }
}

function networkOptions(network: ContainerNetwork) {
  if (network.kind === 'of-container') return {}
  return {
    Hostname: network.hostname,
    ExposedPorts: Object.fromEntries(network.publishedPorts.map((port) => [`${port}/tcp`, {}])),
  }
}

function hostNetworkOptions(network: ContainerNetwork) {
  if (network.kind === 'of-container') return { NetworkMode: `container:${network.containerId}` }
  return {
    ...(network.mode === undefined ? {} : { NetworkMode: network.mode }),
    ExtraHosts: [hostAlias],
    PortBindings: Object.fromEntries(
      network.publishedPorts.map((port) => [`${port}/tcp`, [{ HostIp: '127.0.0.1', HostPort: '' }]]),
    ),
  }
}
