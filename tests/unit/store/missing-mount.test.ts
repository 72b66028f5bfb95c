import { describe, expect, it } from 'vitest'
import { missingMountOf } from '../../../src-main/store/missing-mount'

const fstab = [
  '# <file system> <mount point> <type>',
  'UUID=1 / ext4 defaults 0 1',
  'UUID=2 /mnt/videos ext4 nofail 0 2',
  'UUID=3 /mnt/my\\040disk/ ext4 noauto 0 2',
  'UUID=4 none swap sw 0 0',
  '',
].join('\n')
const mounts = ['/dev/sda1 / ext4 rw 0 0', '/dev/sdb1 /mnt/videos ext4 rw 0 0'].join('\n')

describe('F33 the disk that belongs on the way to a library', () => {
  it.each([
    ['/home/me/Videos', undefined],
    ['/mnt/videos', undefined],
    ['/mnt/videos/VSR', undefined],
    ['/mnt/my disk/VSR', '/mnt/my disk'],
    ['/mnt/my disk', '/mnt/my disk'],
    ['/mnt/my diskette', undefined],
  ])('of %s that is missing: %s', (path, missing) => {
    expect(missingMountOf({ path, fstab, mounts })).toBe(missing)
  })
})
