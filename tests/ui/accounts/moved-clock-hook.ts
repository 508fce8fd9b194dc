import { readFileSync } from 'node:fs'

/** Loaded into the app's process before anything else, by `NODE_OPTIONS`: its time of day is the machine's, moved by what the file says. */
const path = process.env['MOUNTBAR_TEST_CLOCK']
const machineNow = Date.now.bind(Date)
if (path !== undefined) Date.now = () => machineNow() + Number(readFileSync(path, 'utf8'))
