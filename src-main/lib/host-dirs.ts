/** Where Mountbar keeps its own files on this machine. None of them need exist yet; each is made with mode 0700 by its first user. */
export interface HostDirs {
  /** Holds `settings.json`. */
  readonly configDir: string
  /** What must survive a restart but is not chosen by a person: Finder metadata, sandbox folder, mount helper files. */
  readonly stateDir: string
  /** May be deleted at any time. */
  readonly cacheDir: string
  readonly logDir: string
  /** Control sockets. Short enough for a name of 24 bytes in it to be a valid socket path on macOS. */
  readonly runDir: string
  /** Default parent of mount points; its `.noindex` ending keeps Spotlight away. */
  readonly volumesDir: string
}

export interface Host {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDir: string
}

/** The folders by the platform's custom: `~/Library` on macOS, XDG elsewhere. `MOUNTBAR_HOME` puts all of them below itself. */
export declare function resolveHostDirs(host: Host): HostDirs
