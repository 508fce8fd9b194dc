/** A container to be made. Whatever is not said here it does not get. */
export interface ContainerSpec {
  readonly name: string
  readonly image: string
  readonly command: readonly string[]
  /** `uid:gid`. */
  readonly user: string
  readonly labels: Readonly<Record<string, string>>
  readonly capabilities: readonly string[]
  /** Off, the container may mount; AppArmor's default profile forbids it whatever the capabilities. */
  readonly isConfinedByAppArmor: boolean
  /** Path and mount options. */
  readonly tmpfs: Readonly<Record<string, string>>
  readonly memoryBytes: number
  readonly maxProcesses: number
  readonly stopTimeoutSeconds: number
  readonly network: ContainerNetwork
}

export type ContainerNetwork =
  | {
      readonly kind: 'own'
      readonly hostname: string
      /** Ports of the container that get one of the engine's choice on 127.0.0.1. */
      readonly publishedPorts: readonly number[]
      /** The engine's network, where its default will not do. */
      readonly mode?: string | undefined
    }
  | { readonly kind: 'of-container'; readonly containerId: string }
