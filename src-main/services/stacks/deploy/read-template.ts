import { readFile } from 'node:fs/promises'

import { templateFileName, type WayIn } from '../../../../infra/api/way-in.ts'

/** Reads the template of a way in from where a build has put them. @param dirUrl ends in a slash. */
export function createReadTemplate(dirUrl: URL): (wayIn: WayIn) => Promise<string> {
  return (wayIn) => readFile(new URL(templateFileName(wayIn), dirUrl), 'utf8')
}
