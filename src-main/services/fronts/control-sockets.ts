/** The control socket of a drive's front: `<runDir>/<driveId>.sock`. @throws AppError `state-dir-unusable` {path} when longer than a socket path may be. */
export declare function controlSocketPathOf(runDir: string, driveId: string): string

/** Removes the sockets in `runDir` behind which no process listens; returns the drive ids whose front answers. */
export declare function sweepControlSockets(runDir: string): Promise<readonly string[]>
