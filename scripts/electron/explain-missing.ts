/** What `npm start` says where there is no Electron: what is missing, why, and what works without. */
export function explainMissing(reason: string): string {
  return [
    'Mountbar’s app needs the binary of Electron. It is not in the npm registry, and could not be fetched from elsewhere:',
    '',
    `  ${reason}`,
    '',
    'Where github.com can be reached, or a mirror that ELECTRON_MIRROR names, `npm start` fetches it once and starts the app. Without it:',
    '',
    '  npm run demo       mounts the Sandbox drive, by the command',
    '  npm run test:ui    runs the built app on a stand-in for Electron',
  ].join('\n')
}
