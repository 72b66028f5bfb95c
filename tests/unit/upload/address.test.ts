import { expect, it } from 'vitest'
import {
  addressOf,
  keyOf,
  parseEndpoint,
  parseUploadFolder,
} from '../../../src-main/upload/address'

it.each([
  ['s3://bucket', 'bucket', ''],
  ['s3://bucket/', 'bucket', ''],
  [' s3://my.bucket-1/a b/ü/ ', 'my.bucket-1', 'a b/ü'],
])('%s is a place', (text, bucket, prefix) => {
  expect(parseUploadFolder(text)).toEqual({ bucket, prefix })
})

it.each([
  '',
  'bucket/folder',
  'https://bucket/folder',
  's3://',
  's3://x/a',
  's3:///a',
  's3://bucket/../other',
  's3://bucket/a//b',
  's3://bucket/a\nb',
  's3://user:password@bucket/a',
  `s3://bucket/${'a'.repeat(600)}`,
])('%j is none', (text) => {
  expect(() => parseUploadFolder(text)).toThrow(expect.objectContaining({ code: 'bad_request' }))
})

it('a file goes by its name', () => {
  const folder = parseUploadFolder('s3://bucket/a')
  expect(keyOf(folder, 'clip.mp4')).toBe('a/clip.mp4')
  expect(keyOf({ ...folder, prefix: '' }, 'clip.mp4')).toBe('clip.mp4')
  expect(addressOf(folder, 'a/clip.mp4')).toBe('s3://bucket/a/clip.mp4')
})

it('S35 the address of a store has no room for keys', () => {
  expect(parseEndpoint('https://nas.local:9000').host).toBe('nas.local:9000')
  for (const text of ['nas', 'file:///etc', 'https://key:secret@nas', 'https://nas/?key=secret']) {
    expect(() => parseEndpoint(text)).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: expect.not.stringContaining('secret'),
      }),
    )
  }
})
