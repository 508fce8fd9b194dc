import type { KeptDrive } from '../../services/drives/keep-drive.ts'

/** Unmounts, and resolves when the volume is gone; deliveries go on after that. @throws as `KeptDrive.unmount`. */
export async function untilVolumeGone(
  kept: Pick<KeptDrive, 'unmount' | 'state' | 'stateChanged'>,
  { force }: { readonly force: boolean },
): Promise<void> {
  const delivering = Promise.withResolvers<undefined>()
  using _listening = kept.stateChanged.on(({ kind }) => {
    if (kind === 'delivering') delivering.resolve(undefined)
  })
  await Promise.race([kept.unmount({ force }), delivering.promise])
}
