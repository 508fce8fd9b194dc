/** One Debian package that something here runs, and how to tell that it is there. */
export interface DebianPackage {
  readonly name: string
  /** A program of the package; looked for instead of the package, so that one installed by other means counts too. */
  readonly program: string
  readonly purpose: string
}

/**
 * The Debian packages the test suites use. This is the only list: `npm test` installs from it, `needs()` in the tests
 * asks it, and CONTRIBUTING.md points at it.
 */
export const testPackages = [
  { name: 'litmus', program: 'litmus', purpose: 'the WebDAV conformance suite' },
  { name: 'davfs2', program: 'mount.davfs', purpose: 'a real mount of the front on Linux' },
  { name: 'fuse3', program: 'fusermount3', purpose: 'what davfs2 mounts through' },
  { name: 'rclone', program: 'rclone', purpose: 'a WebDAV client that syncs and checks trees' },
  { name: 'cadaver', program: 'cadaver', purpose: 'a WebDAV client by the book' },
  { name: 'curl', program: 'curl', purpose: 'single requests, byte for byte' },
  { name: 'rsync', program: 'rsync', purpose: 'a program at work on the mounted volume' },
  { name: 'git', program: 'git', purpose: 'a program at work on the mounted volume' },
  { name: 'chromium', program: 'chromium', purpose: 'a web page that must not reach the files; the popover' },
  { name: 'qemu-system-x86', program: 'qemu-system-x86_64', purpose: 'the VM of the rig' },
  { name: 'qemu-utils', program: 'qemu-img', purpose: "disks of the rig's VM" },
  { name: 'mmdebstrap', program: 'mmdebstrap', purpose: 'the Debian in the VM and in its base image' },
  { name: 'cpio', program: 'cpio', purpose: 'the initrd of the VM' },
  { name: 'e2fsprogs', program: 'mkfs.ext4', purpose: 'the file system of the VM' },
  { name: 'stunnel4', program: 'stunnel4', purpose: 'the tunnel of tests without a container' },
  { name: 'attr', program: 'setfattr', purpose: 'files with a status as S3 Files keeps it' },
  { name: 'docker.io', program: 'dockerd', purpose: 'a container engine of the tests’ own' },
  { name: 'iproute2', program: 'ip', purpose: 'a network for that engine' },
  { name: 'busybox-static', program: 'busybox', purpose: 'all that its containers have' },
] as const satisfies readonly DebianPackage[]

export type TestPackageName = (typeof testPackages)[number]['name']
